"""Keeping what an engine of our own was told to read, beyond the life of its process.

A prompt that was read ahead is saved at once, when nothing that a person said is in
it yet. It is restored when something is asked that begins with the same instructions
and tools, and the program does not have them in memory.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
import hashlib
from itertools import takewhile
import json
import logging
from pathlib import Path

from .chat import ChatRequest, Delta, Role, TurnStats
from .command_line import slots_folder
from .faults import Busy, EngineError, TimedOut
from .kept_files import KeptFiles
from .launch import LaunchPlan
from .llama_server import LlamaServerEngine
from .slots import Slots

LOGGER = logging.getLogger(__package__)

# Digits of a sum in a file's name.
_DIGITS = 16
# Beginnings of prompts.
_REMEMBERED = 8


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
        self._slots = Slots(plan.slots)
        self._told: dict[str, str] = {}
        self._running = 0
        self._begun = 0

    async def chat(
        self, client: LlamaServerEngine, request: ChatRequest
    ) -> AsyncGenerator[Delta]:
        """Run a pass, after restoring its prompt where that helps."""
        if client is not self._client:
            self._client, self._files = client, None
            self._slots, self._running = Slots(self._plan.slots), 0
        self._running += 1
        self._begun += 1
        begun = self._begun
        try:
            prompt = prompt_key(request)
            lost = self._is_lost(prompt)
            slot, before = self._slots.take(prompt)
            restored = None
            if lost and prompt is not None and self._running == 1:
                restored = await self._restore(client, prompt, slot)
                if restored is None and self._plan.slots > 1:
                    await self._begin_alike(client, request, slot, before)
            if self._plan.slots > 1:
                request = replace(request, slot=slot)
            stats = None
            async with aclosing(client.chat(request)) as deltas:
                async for delta in deltas:
                    stats = delta.stats or stats
                    yield delta
            if prompt is not None and stats is not None and begun == self._begun:
                await self._learn(prompt, restored, stats)
                if request.max_tokens == 0:
                    await self._save(client, prompt, slot)
                    self._remember(prompt, request)
        finally:
            if client is self._client:
                self._running -= 1

    async def _restore(
        self, client: LlamaServerEngine, prompt: str, slot: int
    ) -> int | None:
        """Restore a prompt; return its tokens, None where nothing was restored."""
        if (files := await self._files_of(client)) is None:
            return None
        tokens = await asyncio.to_thread(files.check, prompt)
        if tokens is None:
            return None
        try:
            await client.restore_slot(files.name(prompt), slot)
        except (Busy, TimedOut) as err:
            LOGGER.debug("No prompt was restored: %s", err)
            return None
        except EngineError as err:
            # It may have been the end of the program: not again with this file.
            LOGGER.debug("A prompt could not be restored: %s", err)
            await asyncio.to_thread(files.drop, prompt)
            return None
        return tokens

    async def _begin_alike(
        self,
        client: LlamaServerEngine,
        request: ChatRequest,
        slot: int,
        before: str | None,
    ) -> None:
        """Fill a slot with a prompt that begins like the one of a request.

        Agents of one home share its text, and after a change most of it is as it
        was: only the rest need be read.
        """
        told = beginning(request)
        alike = {key: shared(told, other) for key, other in self._told.items()}
        best = max(alike, key=alike.__getitem__, default=None)
        if best not in {None, before} and 2 * alike[best] > len(told):
            await self._restore(client, best, slot)

    def _remember(self, prompt: str, request: ChatRequest) -> None:
        """Remember how a prompt that was saved begins."""
        self._told[prompt] = beginning(request)
        for oldest in [*self._told][:-_REMEMBERED]:
            del self._told[oldest]

    def _is_lost(self, prompt: str | None) -> bool:
        """Return whether the program has probably not got a prompt in memory.

        Where it has memory for older prompts, it finds them there by itself.
        """
        if self._plan.prompt_cache:
            return not self._slots.used
        return not self._slots.has(prompt)

    async def _learn(self, prompt: str, restored: int | None, stats: TurnStats) -> None:
        """Believe in restoring no longer, if the prompt was read again all the same."""
        if restored is None or stats.cached_tokens is None or self._files is None:
            return
        if stats.cached_tokens < restored // 2:
            LOGGER.debug("Restoring prompts is of no use with this model")
            await asyncio.to_thread(self._files.give_up)

    async def _save(self, client: LlamaServerEngine, prompt: str, slot: int) -> None:
        """Save what has just been read, if that was not done before."""
        if (files := await self._files_of(client)) is None:
            return
        if await asyncio.to_thread(lambda: files.has(prompt) or not files.is_wanted()):
            return
        try:
            tokens = await client.save_slot(files.name(prompt), slot)
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


def beginning(request: ChatRequest) -> str:
    """Return what a model is told before all else."""
    return "\n".join(
        message.content
        for message in takewhile(lambda m: m.role is Role.SYSTEM, request.messages)
    )


def shared(told: str, other: str) -> int:
    """Return the characters of the lines with which both begin."""
    pairs = zip(told.split("\n"), other.split("\n"), strict=False)
    return sum(len(line) + 1 for line, _ in takewhile(lambda p: p[0] == p[1], pairs))


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
