"""Deciding how a model is run here."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from unittest.mock import AsyncMock, patch

from homeassistant.core import HomeAssistant
import pytest

from custom_components.hearth.engines.launch import CacheType, Runtime
from custom_components.hearth.hardware.fit import (
    MIB,
    PYTHON_OVERHEAD,
    SERVER_OVERHEAD,
    CachePrecision,
    kv_cache_bytes,
    memory_needed,
)
from custom_components.hearth.hardware.memory import Memory
from custom_components.hearth.hardware.window import LEAST_CONTEXT
from custom_components.hearth.managed.plan import async_plan, shape_of
from custom_components.hearth.managed.problem import ManagedError
from custom_components.hearth.managed.settings import ManagedSettings, engine_path
from custom_components.hearth.models.gguf_split import read_model
from custom_components.hearth.runtimes.find import (
    FoundPackage,
    FoundServer,
    RuntimeNotUsable,
)

PLAN = "custom_components.hearth.managed.plan"
SERVER = FoundServer(program=Path("/usr/bin/llama-server"), version="11669")
PACKAGE = FoundPackage(
    python=Path("/usr/bin/python3"), packages=Path("/packages"), version="0.3.36"
)
NANO = ManagedSettings(runtime=Runtime.LLAMA_SERVER)
WORKER = ManagedSettings(runtime=Runtime.LLAMA_CPP_PYTHON)
RESERVE = 256 * MIB


class Machine:
    """A machine with so much memory free, and the programs that it has."""

    available: int | None = 4096 * MIB
    server: AsyncMock
    package: AsyncMock


@pytest.fixture
def machine() -> Generator[Machine]:
    """Return a machine with everything, and memory for the tiny model."""
    found = Machine()
    found.server = AsyncMock(return_value=SERVER)
    found.package = AsyncMock(return_value=PACKAGE)
    with (
        patch(f"{PLAN}.async_find_llama_server", found.server),
        patch(f"{PLAN}.async_find_package", found.package),
        patch(f"{PLAN}.physical_cores", return_value=4),
        patch(
            f"{PLAN}.read_memory",
            side_effect=lambda: Memory(total=None, available=found.available),
        ),
    ):
        yield found


def needed(context: int, precision: CachePrecision, overhead: int) -> int:
    """Return the bytes that the tiny model needs, and what is kept free."""
    shape = shape_of(read_model(NANO.model_file))
    return memory_needed(shape, context, precision, overhead).total + RESERVE


async def test_plenty_of_memory(hass: HomeAssistant, machine: Machine) -> None:
    """All of the window that the model knows, a precise cache, room for old prompts, every real core."""
    plan = await async_plan(hass, NANO)

    assert plan.runtime is Runtime.LLAMA_SERVER
    assert plan.program == SERVER.program
    assert plan.packages is None
    assert plan.model == NANO.model_file
    assert plan.model.is_file()
    assert plan.alias == "hearth-nano"
    assert plan.context_window == 4096
    assert plan.cache_type is CacheType.F16
    assert plan.threads == 4
    assert plan.folder == engine_path(hass)
    assert plan.slots == 3
    assert plan.prompt_cache == 0


async def test_room_for_slots(hass: HomeAssistant, machine: Machine) -> None:
    """A quarter of what is left may keep further prompts, else a little may."""
    shape = shape_of(read_model(NANO.model_file))
    each = kv_cache_bytes(shape, 4096, CachePrecision.F16)
    least = needed(4096, CachePrecision.F16, SERVER_OVERHEAD)
    slots = []
    for room in (0, 4 * each - 1, 4 * each, 8 * each):
        machine.available = least + room
        slots.append((await async_plan(hass, NANO)).slots)
    assert slots == [1, 1, 2, 3]
    machine.available = None
    plan = await async_plan(hass, NANO)
    assert (plan.slots, plan.prompt_cache) == (1, 512 * MIB)


async def test_worker(hass: HomeAssistant, machine: Machine) -> None:
    """The worker runs in the Python, and with the packages, that were found."""
    plan = await async_plan(hass, WORKER)

    assert plan.slots == 1
    assert plan.prompt_cache == 512 * MIB
    assert plan.program == PACKAGE.python
    assert plan.packages == PACKAGE.packages


async def test_unknown_memory(hass: HomeAssistant, machine: Machine) -> None:
    """A machine that does not tell its memory is trusted."""
    machine.available = None
    plan = await async_plan(hass, NANO)

    assert plan.context_window == 4096
    assert plan.cache_type is CacheType.F16


async def test_short_memory_makes_the_cache_coarser(
    hass: HomeAssistant, machine: Machine
) -> None:
    """The window is worth more than the precision of what it remembers."""
    machine.available = needed(4096, CachePrecision.Q8_0, PYTHON_OVERHEAD)
    plan = await async_plan(hass, WORKER)

    assert plan.context_window == 4096
    assert plan.cache_type is CacheType.Q8_0
    assert plan.prompt_cache == 0


async def test_shorter_memory_makes_the_window_smaller(
    hass: HomeAssistant, machine: Machine
) -> None:
    """The window is what fits, down to one that is of no use."""
    machine.available = needed(3072, CachePrecision.Q8_0, PYTHON_OVERHEAD)
    plan = await async_plan(hass, WORKER)
    assert plan.context_window == 3072

    machine.available = (
        needed(LEAST_CONTEXT, CachePrecision.Q8_0, PYTHON_OVERHEAD) - MIB
    )
    with pytest.raises(ManagedError) as refusal:
        await async_plan(hass, WORKER)
    assert refusal.value.key == "too_little_memory"
    assert set(refusal.value.placeholders) == {"available", "needed"}
    assert refusal.value.placeholders["needed"].endswith("MB")


async def test_no_memory_at_all(hass: HomeAssistant, machine: Machine) -> None:
    """Less than what is kept free is nothing, not a negative number."""
    machine.available = 10 * MIB
    with pytest.raises(ManagedError) as refusal:
        await async_plan(hass, NANO)
    assert refusal.value.placeholders["available"] == "0 B"


async def test_no_program(hass: HomeAssistant, machine: Machine) -> None:
    """What is missing is said, and what is there and does not work too."""
    machine.server.return_value = None
    with pytest.raises(ManagedError, match="llama_server_missing"):
        await async_plan(hass, NANO)
    machine.server.side_effect = RuntimeNotUsable("server_hangs", {"program": "/x"})
    with pytest.raises(ManagedError, match="server_hangs"):
        await async_plan(hass, NANO)


async def test_no_package(hass: HomeAssistant, machine: Machine) -> None:
    """A package that is gone and one that does not work are installed again."""
    machine.package.return_value = None
    with pytest.raises(ManagedError, match="package_missing"):
        await async_plan(hass, WORKER)
    machine.package.side_effect = RuntimeNotUsable("package_broken")
    with pytest.raises(ManagedError, match="package_missing"):
        await async_plan(hass, WORKER)


async def test_model_that_is_gone_or_damaged(
    hass: HomeAssistant, machine: Machine, tmp_path: Path
) -> None:
    """Nothing is started for a file that cannot be loaded."""
    settings = replace(NANO, model=str(tmp_path / "m.gguf"))
    with pytest.raises(ManagedError, match="model_file_missing"):
        await async_plan(hass, settings)

    half = NANO.model_file.read_bytes()[:3_000_000]
    (tmp_path / "m.gguf").write_bytes(half)
    with pytest.raises(ManagedError, match="model_file_damaged") as refusal:
        await async_plan(hass, settings)
    assert "3000000" in refusal.value.placeholders["error"]


def test_shapes() -> None:
    """The widest layer counts, and of a mixture what one token uses."""
    header = read_model(NANO.model_file)
    varied = replace(
        header,
        attention=replace(header.attention, heads=(4, 8, 4)),
        expert_feed_forward_length=300,
        experts_used=8,
    )

    assert shape_of(header).heads == header.attention.heads
    assert shape_of(varied).heads == 8
    assert shape_of(varied).feed_forward_length == 2400


async def test_odd_shapes(hass: HomeAssistant, machine: Machine) -> None:
    """Heads that do not come in whole blocks keep a precise cache, or none."""
    header = read_model(NANO.model_file)
    odd = replace(
        header, attention=replace(header.attention, key_length=40, value_length=40)
    )
    with patch(f"{PLAN}.read_model", return_value=odd):
        plan = await async_plan(hass, NANO)
        assert plan.cache_type is CacheType.F16
        machine.available = RESERVE
        with pytest.raises(ManagedError, match="too_little_memory"):
            await async_plan(hass, NANO)


@pytest.mark.parametrize(("free", "checkpoints"), [(4096, 4), (1600, 2), (400, 1)])
async def test_windows_take_checkpoints(
    hass: HomeAssistant, machine: Machine, free: int, checkpoints: int
) -> None:
    """A model that forgets gets places to go back to, as many as there is room for."""
    header = read_model(NANO.model_file)
    recurrent = replace(header, memory=replace(header.memory, state_bytes=40 * MIB))
    machine.available = free * MIB
    with patch(f"{PLAN}.read_model", return_value=recurrent):
        plan = await async_plan(hass, NANO)

    assert plan.checkpoints == checkpoints
