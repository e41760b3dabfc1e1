"""Counting tokens exactly: llama-server with a real vocabulary and no sense.

llama.cpp renders the chat template and counts; for that it needs a model, so a
vocabulary without one is given the smallest weights that load.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from gguf import GGUFReader, GGUFValueType, GGUFWriter
import numpy as np

from demo.components import ROOT
from demo.errors import DemoError
from demo.llama import llama

QWEN = ROOT / ".cache" / "vocabularies" / "ggml-vocab-qwen2.gguf"
TEMPLATE = (
    ROOT / ".cache" / "vocabularies" / "templates" / "Qwen-Qwen2.5-7B-Instruct.jinja"
)
QWEN3_TEMPLATE = TEMPLATE.with_name("Qwen-Qwen3-0.6B.jinja")
WORK = ROOT / ".cache" / "bench"
_WIDTH = 32


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """A vocabulary and a chat template, served."""

    session: aiohttp.ClientSession
    url: str

    async def count(
        self, messages: list[dict[str, Any]], tools: list[dict[str, Any]]
    ) -> int:
        """Return the tokens of a chat with tools, as a model would read it."""
        chat = {"messages": messages, "tools": tools}
        prompt = (await self._post("/apply-template", chat))["prompt"]
        answer = await self._post(
            "/tokenize", {"content": prompt, "add_special": True, "parse_special": True}
        )
        return len(answer["tokens"])

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self.session.post(self.url + path, json=body) as response:
            if response.status != 200:
                raise DemoError(f"llama-server refused {path}: {await response.text()}")
            content: dict[str, Any] = await response.json()
            return content


@asynccontextmanager
async def tokenizer(
    vocabulary: Path = QWEN, template: Path = TEMPLATE
) -> AsyncIterator[Tokenizer]:
    """Serve the vocabulary of a GGUF file as long as the context lasts."""
    for needed in (vocabulary, template):
        if not needed.exists():
            raise DemoError(f"{needed} is not there; scripts/setup fetches it")
    WORK.mkdir(parents=True, exist_ok=True)
    async with (
        aiohttp.ClientSession() as session,
        llama(
            session,
            WORK / "tokenizer.log",
            _loadable(vocabulary),
            ("--chat-template-file", str(template)),
        ) as server,
    ):
        yield Tokenizer(session, server.url)


def _loadable(vocabulary: Path) -> Path:
    """Return a model that loads and has this vocabulary."""
    reader = GGUFReader(vocabulary)
    if reader.tensors:
        return vocabulary
    made = WORK / f"{vocabulary.stem}-{vocabulary.stat().st_mtime_ns}.gguf"
    if not made.exists():
        unfinished = made.with_suffix(".part")
        _write(unfinished, reader)
        unfinished.rename(made)
    return made


def _write(path: Path, reader: GGUFReader) -> None:
    """Write a model of one tiny layer with another file's vocabulary."""
    writer = GGUFWriter(path, "llama")
    writer.add_context_length(32768)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(_WIDTH)
    writer.add_head_count(1)
    writer.add_layer_norm_rms_eps(1e-6)
    for name, field in reader.fields.items():
        if name.startswith("tokenizer.") and name != "tokenizer.chat_template":
            kind = field.types[0]
            inner = field.types[-1] if kind is GGUFValueType.ARRAY else None
            writer.add_key_value(name, field.contents(), kind, inner)
    tokens = reader.fields["tokenizer.ggml.tokens"]
    square = np.zeros((_WIDTH, _WIDTH), np.float32)
    writer.add_tensor(
        "token_embd.weight", np.zeros((len(tokens.data), _WIDTH), np.float16)
    )
    writer.add_tensor("output_norm.weight", np.ones(_WIDTH, np.float32))
    for norm in ("attn_norm", "ffn_norm"):
        writer.add_tensor(f"blk.0.{norm}.weight", np.ones(_WIDTH, np.float32))
    for part in ("attn_q attn_k attn_v attn_output ffn_gate ffn_up ffn_down").split():
        writer.add_tensor(f"blk.0.{part}.weight", square)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
