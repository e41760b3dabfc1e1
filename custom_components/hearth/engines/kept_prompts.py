"""Keeping what an engine of our own was told to read, beyond the life of its process.

A prompt that was read ahead is saved at once, when nothing that a person said is in
it yet. It is restored when something is asked that begins with the same instructions
and tools, and the program does not have them in memory.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
import hashlib
from itertools import takewhile
import json
import logging
from pathlib import Path

from .base import (
    Busy,
    ChatRequest,
    Delta,
    EngineError,
    Role,
    TimedOut,
    TurnStats,
)
from .command_line import slots_folder
from .kept_files import KeptFiles
from .launch import LaunchPlan
from .llama_server import LlamaServerEngine

LOGGER = logging.getLogger(__package__)

# Digits of a sum in a file's name.
_DIGITS = 16


class KeptPrompts:
    """Runs passes, and spares a program the reading of what was read before.

    Whether restoring works is told by nothing but the next pass's own count of
    tokens that it did not have to read: llama-server says that it restored models
    with sliding windows or states, too, and then reads everything again.
    """

    def __init__(self, plan: LaunchPlan) -> None:
        """Know nothing of any program yet."""
        self._plan = plan
        self._client: LlamaServerEngine | None = None
        self._files: KeptFiles | None = None
        self._last: str | None = None
        self._running = 0
        self._begun = 0

    async def chat(
        self, client: LlamaServerEngine, request: ChatRequest
    ) -> AsyncGenerator[Delta]:
        """Run a pass, after restoring its prompt where that helps."""
        if client is not self._client:
            self._client, self._files, self._last = client, None, None
            self._running = 0
        self._running += 1
        self._begun += 1
        begun = self._begun
        try:
            prompt = prompt_key(request)
            restored = await self._restore(client, prompt)
            self._last = prompt
            stats = None
            async with aclosing(client.chat(request)) as deltas:
                async for delta in deltas:
                    stats = delta.stats or stats
                    yield delta
            if prompt is not None and stats is not None and begun == self._begun:
                await self._learn(prompt, restored, stats)
                if request.max_tokens == 0:
                    await self._save(client, prompt)
        finally:
            if client is self._client:
                self._running -= 1

    async def _restore(
        self, client: LlamaServerEngine, prompt: str | None
    ) -> int | None:
        """Restore a prompt; return its tokens, None where nothing was restored."""
        if prompt is None or self._running > 1 or not self._is_lost(prompt):
            return None
        if (files := await self._files_of(client)) is None:
            return None
        tokens = await asyncio.to_thread(files.check, prompt)
        if tokens is None:
            return None
        try:
            await client.restore_slot(files.name(prompt))
        except (Busy, TimedOut) as err:
            LOGGER.debug("No prompt was restored: %s", err)
            return None
        except EngineError as err:
            # It may have been the end of the program: not again with this file.
            LOGGER.debug("A prompt could not be restored: %s", err)
            await asyncio.to_thread(files.drop, prompt)
            return None
        return tokens

    def _is_lost(self, prompt: str) -> bool:
        """Return whether the program has probably not got a prompt in memory.

        Where it has memory for older prompts, it finds them there by itself.
        """
        if self._plan.prompt_cache:
            return self._last is None
        return self._last != prompt

    async def _learn(self, prompt: str, restored: int | None, stats: TurnStats) -> None:
        """Believe in restoring no longer, if the prompt was read again all the same."""
        if restored is None or stats.cached_tokens is None or self._files is None:
            return
        if stats.cached_tokens < restored // 2:
            LOGGER.debug("Restoring prompts is of no use with this model")
            await asyncio.to_thread(self._files.give_up)

    async def _save(self, client: LlamaServerEngine, prompt: str) -> None:
        """Save what has just been read, if that was not done before."""
        if (files := await self._files_of(client)) is None:
            return
        if await asyncio.to_thread(lambda: files.has(prompt) or not files.is_wanted()):
            return
        try:
            tokens = await client.save_slot(files.name(prompt))
            await asyncio.to_thread(files.seal, prompt, tokens)
        except (EngineError, OSError) as err:
            LOGGER.debug("A prompt could not be saved: %s", err)
            await asyncio.to_thread(files.drop, prompt)

    async def _files_of(self, client: LlamaServerEngine) -> KeptFiles | None:
        """Return the files of the model as this program runs it."""
        if self._files is None:
            try:
                version = (await client.health()).version
                model = await asyncio.to_thread(model_key, self._plan, version)
            except (EngineError, OSError) as err:
                LOGGER.debug("Prompts are not kept now: %s", err)
                return None
            self._files = KeptFiles(slots_folder(self._plan), model)
        return self._files


def prompt_key(request: ChatRequest) -> str | None:
    """Return what is the same for all requests that begin alike, None for none.

    Instructions and tools are what begins a prompt in every template.
    """
    told = [
        message.content
        for message in takewhile(lambda m: m.role is Role.SYSTEM, request.messages)
    ]
    if not told:
        return None
    tools = [[tool.name, tool.description, tool.parameters] for tool in request.tools]
    return _sum_of([told, tools])


def model_key(plan: LaunchPlan, version: str | None) -> str:
    """Return what is the same as long as a saved prompt fits; raises OSError.

    Args:
        plan: How the model is run.
        version: The llama.cpp that runs it.
    """
    about = Path(plan.model).stat()
    return _sum_of(
        [
            *(plan.model.name, about.st_size, about.st_mtime_ns),
            *(plan.context_window, plan.cache_type, plan.runtime, version),
        ]
    )


def _sum_of(values: list[object]) -> str:
    """Return the beginning of a sum over values of JSON."""
    words = json.dumps(values, default=dict).encode()
    return hashlib.sha256(words).hexdigest()[:_DIGITS]
