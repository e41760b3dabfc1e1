"""Deciding how a model is run here, before anything is started."""

from dataclasses import dataclass
from pathlib import Path

from homeassistant.core import HomeAssistant

from ..engines.launch import CacheType, LaunchPlan, Runtime
from ..hardware.board import read_board
from ..hardware.cpu import physical_cores
from ..hardware.fit import (
    MIB,
    PYTHON_OVERHEAD,
    SERVER_OVERHEAD,
    CachePrecision,
    ModelShape,
    checkpoint_bytes,
    kv_cache_bytes,
)
from ..hardware.memory import read_memory
from ..hardware.window import (
    RESERVE,
    WANTED_CONTEXT,
    best_window,
    least_window,
    widest_window,
)
from ..models.gguf import GgufError
from ..models.gguf_header import GgufHeader
from ..models.gguf_split import read_model
from ..recommending.machine import context_for
from ..runtimes.find import (
    RuntimeNotUsable,
    async_find_llama_server,
    async_find_package,
)
from .figures import size
from .problem import ManagedError
from .settings import ManagedSettings, engine_path
from .tunings import async_tunings

_OVERHEAD = {
    Runtime.LLAMA_CPP_PYTHON: PYTHON_OVERHEAD,
    Runtime.LLAMA_SERVER: SERVER_OVERHEAD,
}
# Of the memory that is left over, a quarter may keep prompts, and no more than
# this: a prompt of a home takes some 50 to 200 MiB.
_MOST_PROMPT_CACHE = 512 * MIB
_LEAST_PROMPT_CACHE = 64 * MIB
_MOST_CHECKPOINTS = 4
# Two agents, or one that is spoken to and written to, and something in between.
_MOST_SLOTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What the machine and the model file say.

    ``available`` is in bytes, ``None`` where the machine does not tell; ``wanted`` are
    the tokens of context that would be best.
    """

    header: GgufHeader
    available: int | None
    cores: int
    wanted: int


async def async_plan(
    hass: HomeAssistant, settings: ManagedSettings, entry_id: str | None = None
) -> LaunchPlan:
    """Return how the model of an engine of our own is to be run.

    Raises :class:`ManagedError`: no program, no whole model file, or too little
    memory, which names the numbers. What was measured to be faster for the entry is
    used where it was measured with the same file and program.
    """
    program, packages, version = await _async_find_program(hass, settings)
    facts = await hass.async_add_executor_job(_read_facts, settings.model_file)
    context, cache_type, left = _fit(facts, settings.runtime)
    slots = 1
    if settings.runtime is Runtime.LLAMA_SERVER:
        slots, left = _slots(facts, context, cache_type, left)
    plan = LaunchPlan(
        runtime=settings.runtime,
        program=program,
        packages=packages,
        model=settings.model_file,
        alias=settings.alias,
        context_window=context,
        threads=facts.cores,
        folder=engine_path(hass),
        cache_type=cache_type,
        slots=slots,
        prompt_cache=_prompt_cache(left) if slots == 1 else 0,
        checkpoints=_checkpoints(facts, left and left // slots),
        version=version,
    )
    if entry_id is None:
        return plan
    return await (await async_tunings(hass)).async_tuned(entry_id, plan)


async def _async_find_program(
    hass: HomeAssistant, settings: ManagedSettings
) -> tuple[Path, Path | None, str]:
    """Return the program, the folder with the worker's packages, and the version."""
    if settings.runtime is Runtime.LLAMA_SERVER:
        try:
            server = await async_find_llama_server(hass, settings.program)
        except RuntimeNotUsable as err:
            raise ManagedError(err.key, err.placeholders) from err
        if server is None:
            raise ManagedError("llama_server_missing")
        return server.program, None, server.version
    try:
        package = await async_find_package(hass)
    except RuntimeNotUsable as err:
        raise ManagedError("package_missing") from err
    if package is None:
        raise ManagedError("package_missing")
    return package.python, package.packages, package.version


def _read_facts(model: Path) -> _Facts:
    """Read the file's header and what the machine has free."""
    try:
        header = read_model(model)
    except FileNotFoundError as err:
        raise ManagedError("model_file_missing", {"file": str(model)}) from err
    except (GgufError, OSError) as err:
        raise ManagedError(
            "model_file_damaged", {"error": str(err), "file": str(model)}
        ) from err
    return _Facts(
        header=header,
        available=read_memory().available,
        cores=physical_cores(),
        wanted=context_for(read_board(models=model.parent)),
    )


def _fit(facts: _Facts, runtime: Runtime) -> tuple[int, CacheType, int | None]:
    """Return context window, kind of KV cache, and the bytes that are left."""
    shape, overhead = shape_of(facts.header), _OVERHEAD[runtime]
    if facts.available is None:
        return (
            widest_window(shape, overhead, wanted=facts.wanted).tokens,
            CacheType.F16,
            None,
        )
    budget = max(facts.available - RESERVE, 0)
    window = best_window(shape, budget, overhead, wanted=facts.wanted)
    if window is None:
        need = least_window(shape, overhead).need
        numbers = {"available": size(budget), "needed": size(need.total)}
        raise ManagedError("too_little_memory", numbers)
    left = budget - window.need.total
    return window.tokens, CacheType(window.cache_type.value), left


def _slots(
    facts: _Facts, context: int, cache_type: CacheType, left: int | None
) -> tuple[int, int | None]:
    """Return how many prompts may have a KV cache each, and the bytes left then."""
    if left is None:
        return 1, None
    each = kv_cache_bytes(
        shape_of(facts.header), context, CachePrecision(cache_type.value)
    )
    more = min(left // 4 // max(each, 1), _MOST_SLOTS - 1)
    return 1 + more, left - more * each


def _prompt_cache(left: int | None) -> int:
    """Return the bytes that may keep prompts that are not in the KV cache."""
    if left is None:
        return _MOST_PROMPT_CACHE
    share = min(left // 4, _MOST_PROMPT_CACHE)
    return share if share >= _LEAST_PROMPT_CACHE else 0


def _checkpoints(facts: _Facts, left: int | None) -> int:
    """Return how many places in a chat a model may go back to.

    Only models that cannot be cut back to any place need them, and only where
    they take no more than a quarter of what is left.
    """
    each = checkpoint_bytes(shape_of(facts.header), WANTED_CONTEXT, CachePrecision.F16)
    if not each or left is None:
        return _MOST_CHECKPOINTS
    return max(min(left // 4 // each, _MOST_CHECKPOINTS), 1)


def shape_of(header: GgufHeader) -> ModelShape:
    """Return what decides a model's memory."""
    memory, attention = header.memory, header.attention
    heads = attention.heads
    experts = header.experts_used * header.expert_feed_forward_length
    return ModelShape(
        weights=header.tensor_bytes,
        layers=header.layers,
        kv_heads=memory.cached_heads,
        key_length=attention.key_length,
        value_length=attention.value_length,
        embedding_length=header.embedding_length,
        feed_forward_length=max(header.feed_forward_length, experts),
        vocabulary=header.tokenizer.vocabulary,
        heads=heads if isinstance(heads, int) else max(heads, default=0),
        experts_used=header.experts_used,
        context_length=header.context_length,
        sliding_window=memory.window,
        sliding_layers=memory.sliding,
        sliding_key_length=attention.sliding_key_length,
        sliding_value_length=attention.sliding_value_length,
        state_bytes=memory.state_bytes,
    )
