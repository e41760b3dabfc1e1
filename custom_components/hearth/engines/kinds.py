"""What the kinds of server are called."""

from collections.abc import Mapping
from types import MappingProxyType

from .base import EngineKind

NAMES: Mapping[EngineKind, str] = MappingProxyType(
    {
        EngineKind.CANDLE_VLLM: "candle-vllm",
        EngineKind.HAILO_OLLAMA: "hailo-ollama",
        EngineKind.LLAMA_CPP_PYTHON: "llama-cpp-python",
        EngineKind.LLAMA_SERVER: "llama.cpp",
        EngineKind.LM_STUDIO: "LM Studio",
        EngineKind.LOCALAI: "LocalAI",
        EngineKind.MISTRAL_RS: "mistral.rs",
        EngineKind.MLX_LM: "mlx-lm",
        EngineKind.OLLAMA: "Ollama",
        EngineKind.OPENAI: "OpenAI-compatible server",
        EngineKind.SGLANG: "SGLang",
        EngineKind.TEXT_GENERATION_WEBUI: "text-generation-webui",
        EngineKind.VLLM: "vLLM",
    }
)
