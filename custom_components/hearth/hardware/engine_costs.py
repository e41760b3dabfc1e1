"""What engines around llama.cpp take beside the model itself."""

from dataclasses import dataclass

from .fit import MIB, PYTHON_OVERHEAD, SERVER_OVERHEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineCost:
    """What an engine takes.

    Args:
        overhead: Bytes of memory with any model.
        start: Seconds to load a model, beyond those that llama.cpp takes.
    """

    overhead: int
    start: float


# llama.cpp's own numbers were measured (fit.py). What others need more is what the
# community's table of the Raspberry Pi 5 has (Llama 3.2 3B, Q4_K_M, 100 tokens):
# about 50 MB beside the model for Ollama and 150 for LocalAI where it has 10 for
# llama.cpp; 3, 12 and 4 s to load with Ollama, LocalAI and llama-cpp-python where
# it has 2.
LLAMA_SERVER = EngineCost(overhead=SERVER_OVERHEAD, start=0)
LLAMA_CPP_PYTHON = EngineCost(overhead=PYTHON_OVERHEAD, start=2)
OLLAMA = EngineCost(overhead=SERVER_OVERHEAD + 40 * MIB, start=1)
LOCAL_AI = EngineCost(overhead=SERVER_OVERHEAD + 140 * MIB, start=10)
