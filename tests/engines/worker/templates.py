"""Chat templates for tests: known models' own, and tools to show in them."""

from functools import cache
from pathlib import Path

from custom_components.hearth.engines.worker.formats import (
    JsonObject,
    ToolFormat,
    format_for,
)
from custom_components.hearth.engines.worker.template import ChatTemplate
from tests.engines.gguf_models import VOCABULARIES

FOLDER = VOCABULARIES / "templates"

# What the models are called in tests, and their template files.
KNOWN = {
    "gemma2": "google-gemma-2-2b-it",
    "gemma4": "google-gemma-4-31B-it",
    "granite3": "ibm-granite-granite-3.3-2B-Instruct",
    "granite4": "ibm-granite-granite-4.0",
    "lfm2": "LFM2-8B-A1B",
    "lfm2.5": "LFM2.5-8B-A1B",
    "llama3": "meta-llama-Llama-3.2-3B-Instruct",
    "minicpm5": "openbmb-MiniCPM5-1B",
    "ministral3": "mistralai-Ministral-3-14B-Reasoning-2512",
    "mistral-small": "Mistral-Small-3.2-24B-Instruct-2506",
    "nemo": "mistralai-Mistral-Nemo-Instruct-2407",
    "qwen2.5": "Qwen-Qwen2.5-7B-Instruct",
    "qwen3": "Qwen-Qwen3-0.6B",
    "qwen3-coder": "Qwen3-Coder",
    "qwen3.5": "Qwen3.5-4B",
    "smollm3": "HuggingFaceTB-SmolLM3-3B",
}


def path_of(model: str) -> Path:
    """Return the file of a model's template."""
    return FOLDER / f"{KNOWN[model]}.jinja"


def template_of(model: str) -> ChatTemplate:
    """Return a model's template."""
    return ChatTemplate(path_of(model).read_text(), bos="<s>", eos="</s>")


@cache
def format_of(model: str) -> ToolFormat:
    """Return the format of a model's calls."""
    return format_for(template_of(model))


def tool(name: str, /, **properties: JsonObject) -> JsonObject:
    """Return a tool as OpenAI writes it; all its parameters are needed."""
    return {
        "type": "function",
        "function": {
            "name": name,
            "description": f"Does {name}.",
            "parameters": {
                "type": "object",
                "properties": properties,
                "required": list(properties),
            },
        },
    }


TEXT: JsonObject = {"type": "string"}
WHOLE: JsonObject = {"type": "integer"}
TOOLS = [
    tool("turn_on", name=TEXT),
    tool("dim", name=TEXT, level=WHOLE),
    tool("get_time"),
]
