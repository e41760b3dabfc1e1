"""Which problems stand, decided from what was seen."""

from collections.abc import Iterable
import json
from pathlib import Path
import string

import pytest

from custom_components.hearth import issues
from custom_components.hearth.board_reading import BoardReading
from custom_components.hearth.hardware.board_health import Health
from custom_components.hearth.hardware.memory import Memory
from custom_components.hearth.hardware.storage import Space, Storage, StorageKind
from custom_components.hearth.hardware.swap import Swap
from custom_components.hearth.hardware.throttling import Throttling
from custom_components.hearth.issues import (
    AGENT_FAULTS,
    ENGINE_FAULTS,
    MACHINE_FAULTS,
    AgentEvidence,
    AgentTurn,
    EngineFacts,
    Fault,
    MachineEvidence,
    Observation,
    Signal,
    engine_verdicts,
)

MIB = 2**20
GIB = 2**30
TEXTS = json.loads(
    (Path(issues.__file__).parent / "translations" / "en.json").read_text()
)["issues"]
# What is told with a problem of a machine, an engine and an agent.
WORDS = {
    **dict.fromkeys(MACHINE_FAULTS, frozenset[str]()),
    **dict.fromkeys(ENGINE_FAULTS, frozenset({"title", "url"})),
    **dict.fromkeys(
        AGENT_FAULTS,
        frozenset({"agent", "devices", "left_out", "model", "title", "window"}),
    ),
}


@pytest.mark.parametrize("fault", Fault)
def test_has_its_texts(fault: Fault) -> None:
    """Each problem has a title and says what to do, with words that are told."""
    assert set(TEXTS[fault]) == {"description", "title"}
    for text in TEXTS[fault].values():
        used = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        assert used <= WORDS[fault]


def test_belongs_to_one_thing() -> None:
    """A problem is the machine's, an engine's or an agent's."""
    assert set(Fault) == MACHINE_FAULTS | ENGINE_FAULTS | AGENT_FAULTS
    assert len(Fault) == sum(map(len, (MACHINE_FAULTS, ENGINE_FAULTS, AGENT_FAULTS)))


@pytest.mark.parametrize(
    ("seen", "standing"),
    [
        ([], None),
        ([None, None], None),
        ([True], None),
        ([True, None, True], True),
        ([True, False, True], None),
        ([False, False], None),
        ([False, False, False], False),
        ([False, False, True, False, False], None),
        ([True, True, False, False], True),
        ([True, True, False, False, True, False, False], True),
        ([True, True, False, None, False, False], False),
        ([True, True, False, False, False, True], False),
        ([True, True, False, False, False, True, True], True),
    ],
)
def test_signal(seen: list[bool | None], standing: bool | None) -> None:
    """Two sightings in a row make a problem, three of its absence mend it."""
    signal = Signal()
    for what in seen:
        signal = signal.seen(what, rise=2, fall=3)

    assert signal.standing is standing


def look(
    *,
    throttled: bool | None = False,
    under_voltage: bool | None = False,
    available: int | None = 2 * GIB,
    swapped: int | None = 0,
    kind: StorageKind | None = StorageKind.NVME,
    free: int | None = 64 * GIB,
    generating: bool = True,
    model_loaded: bool = True,
    bundled_only: bool = False,
) -> Observation:
    """Return a look at a machine that is well but for what a test says."""
    now = Throttling(throttled=throttled, under_voltage=under_voltage)
    space = None if free is None else Space(total=128 * GIB, free=free)
    swap = None
    if swapped is not None:
        swap = Swap(total=2 * GIB, used=swapped, compressed=0)
    return Observation(
        reading=BoardReading(
            health=Health(now=now),
            memory=Memory(total=8 * GIB, available=available),
            swap=swap,
            storage=Storage(kind=kind, space=space),
        ),
        generating=generating,
        model_loaded=model_loaded,
        bundled_only=bundled_only,
    )


def after(looks: Iterable[Observation]) -> MachineEvidence:
    """Return the evidence of some looks, one after the other."""
    evidence = MachineEvidence()
    for seen in looks:
        evidence = evidence.after(seen)
    return evidence


GOOD = look()
IDLE = look(generating=False)
HOT = look(throttled=True)
HOT_AND_IDLE = look(throttled=True, generating=False)
WEAK = look(under_voltage=True)
WEAK_AND_IDLE = look(under_voltage=True, generating=False)
LOW = look(available=100 * MIB)
LOW_AND_IDLE = look(available=100 * MIB, generating=False)
LOW_WITHOUT_MODEL = look(available=100 * MIB, generating=False, model_loaded=False)
TIGHT = look(available=200 * MIB)
CARD = look(kind=StorageKind.SD_CARD)
FULL = look(free=GIB - 1)
FULLER = look(free=GIB + 1)


def swapped(*mebibytes: int, generating: bool = True) -> list[Observation]:
    """Return looks at a machine that has swapped so much."""
    return [look(swapped=m * MIB, generating=generating) for m in mebibytes]


@pytest.mark.parametrize(
    ("fault", "looks", "stands"),
    [
        # Heat counts while a turn runs, and when it was seen twice.
        (Fault.THROTTLED, [HOT], None),
        (Fault.THROTTLED, [HOT, HOT], True),
        (Fault.THROTTLED, [HOT, IDLE, IDLE, HOT], True),
        (Fault.THROTTLED, [HOT_AND_IDLE] * 20, None),
        (Fault.THROTTLED, [look(throttled=None)] * 20, None),
        (Fault.THROTTLED, [HOT, HOT, *[GOOD] * 9], True),
        (Fault.THROTTLED, [HOT, HOT, *[GOOD] * 10], False),
        (Fault.THROTTLED, [HOT, HOT, *[GOOD] * 9, HOT, *[GOOD] * 9], True),
        (Fault.THROTTLED, [HOT, HOT, *[IDLE] * 99], True),
        # Without power the clock is lowered, too; that is no heat.
        (Fault.THROTTLED, [look(throttled=True, under_voltage=True)] * 9, None),
        (Fault.UNDER_VOLTAGE, [look(throttled=True, under_voltage=True)], True),
        (Fault.UNDER_VOLTAGE, [WEAK], True),
        (Fault.UNDER_VOLTAGE, [WEAK_AND_IDLE] * 9, None),
        (Fault.UNDER_VOLTAGE, [look(under_voltage=None)] * 20, None),
        (Fault.UNDER_VOLTAGE, [WEAK, *[GOOD] * 9], True),
        (Fault.UNDER_VOLTAGE, [WEAK, *[GOOD] * 10], False),
        # Hardly any memory with a model in it, twice; mended by three good turns.
        (Fault.MODEL_SWAPS, [LOW_AND_IDLE], None),
        (Fault.MODEL_SWAPS, [LOW_AND_IDLE, LOW_AND_IDLE], True),
        (Fault.MODEL_SWAPS, [LOW_WITHOUT_MODEL] * 9, None),
        (Fault.MODEL_SWAPS, [LOW, LOW, *[IDLE] * 99], True),
        (Fault.MODEL_SWAPS, [LOW, LOW, *[TIGHT] * 99], True),
        (Fault.MODEL_SWAPS, [LOW, LOW, GOOD, GOOD], True),
        (Fault.MODEL_SWAPS, [LOW, LOW, GOOD, GOOD, GOOD], False),
        (Fault.MODEL_SWAPS, [look(available=None)] * 9, None),
        # Memory that is swapped while a model works.
        (Fault.MODEL_SWAPS, swapped(0, 64), None),
        (Fault.MODEL_SWAPS, swapped(0, 64, 128), True),
        (Fault.MODEL_SWAPS, [*swapped(0, 64), IDLE, *swapped(64)], True),
        (Fault.MODEL_SWAPS, swapped(500, 500, 500, 500), False),
        (Fault.MODEL_SWAPS, swapped(0, 63, 126, 189, 252), False),
        (Fault.MODEL_SWAPS, swapped(500, 0, 64, 128), True),
        (Fault.MODEL_SWAPS, swapped(0, 500, 1000, generating=False), None),
        (Fault.MODEL_SWAPS, [look(swapped=None)] * 3, False),
        # Where the models lie.
        (Fault.MODELS_ON_SD_CARD, [CARD], True),
        (Fault.MODELS_ON_SD_CARD, [CARD, GOOD], False),
        (Fault.MODELS_ON_SD_CARD, [CARD, look(kind=None)], True),
        (Fault.MODELS_ON_SD_CARD, [look(kind=None)], None),
        (Fault.MODELS_ON_SD_CARD, [look(kind=StorageKind.EMMC)], False),
        (
            Fault.MODELS_ON_SD_CARD,
            [look(kind=StorageKind.SD_CARD, bundled_only=True)],
            False,
        ),
        (Fault.DISK_NEARLY_FULL, [GOOD], False),
        (Fault.DISK_NEARLY_FULL, [FULL], True),
        (Fault.DISK_NEARLY_FULL, [FULLER], None),
        (Fault.DISK_NEARLY_FULL, [FULL, FULLER], True),
        (Fault.DISK_NEARLY_FULL, [FULL, look(free=3 * GIB // 2)], False),
        (Fault.DISK_NEARLY_FULL, [GOOD, FULLER], False),
        (Fault.DISK_NEARLY_FULL, [FULL, look(free=None)], True),
    ],
)
def test_machine(fault: Fault, looks: list[Observation], stands: bool | None) -> None:
    """A problem of the machine stands, or not, after some looks at it."""
    assert after(looks).verdicts()[fault] is stands


def test_a_machine_that_tells_nothing() -> None:
    """Of a machine of which nothing is known nothing is said."""
    evidence = after([Observation(reading=BoardReading(), generating=True)] * 20)

    assert set(evidence.verdicts()) == MACHINE_FAULTS
    assert set(evidence.verdicts().values()) == {None}


@pytest.mark.parametrize(
    ("is_ollama", "on_this_host", "memory", "stands"),
    [
        (True, True, 8_256_000 * 1024, True),
        (True, True, 8 * GIB, True),
        (True, True, 16 * GIB, False),
        (True, True, None, None),
        (True, False, 4 * GIB, False),
        (False, True, 4 * GIB, False),
    ],
)
def test_prompt_cache(
    is_ollama: bool, on_this_host: bool, memory: int | None, stands: bool | None
) -> None:
    """Eight gigabytes of old prompts are too many for a machine that has no more."""
    facts = EngineFacts(
        is_ollama=is_ollama,
        on_this_host=on_this_host,
        on_network=False,
        has_key=False,
        memory=memory,
    )

    assert engine_verdicts(facts)[Fault.OLLAMA_PROMPT_CACHE] is stands


@pytest.mark.parametrize(
    ("on_network", "has_key", "stands"),
    [(True, False, True), (True, True, False), (False, False, False)],
)
def test_open_server(on_network: bool, has_key: bool, stands: bool) -> None:
    """A server that everybody can reach should ask for a key."""
    facts = EngineFacts(
        is_ollama=True, on_this_host=False, on_network=on_network, has_key=has_key
    )

    verdicts = engine_verdicts(facts)
    assert set(verdicts) == ENGINE_FAULTS
    assert verdicts[Fault.OPEN_SERVER] is stands


BROKEN = -1


@pytest.mark.parametrize(
    ("prompts", "stands"),
    [
        ([], None),
        ([BROKEN], True),
        # More than 3/4 of 4096 tokens, at each of three turns.
        ([3073, 3073], None),
        ([3073, 3073, 3073], True),
        ([3072, 3072, 3072], None),
        # A long talk begins with a short prompt.
        ([1000, *[3900] * 9], False),
        # After ten turns that one is forgotten.
        ([1000, *[3900] * 12], True),
        ([2730, 2730, 2730], False),
        ([2731, 2731, 2731], None),
        ([BROKEN, 1000, 1000], True),
        ([BROKEN, 1000, 1000, 1000], False),
        ([BROKEN, 1000, 1000, BROKEN, 1000, 1000], True),
        ([None, None, None, None], None),
        ([BROKEN, None, None, None], True),
    ],
)
def test_context(prompts: list[int | None], stands: bool | None) -> None:
    """A window is too small for prompts that fill it, or that do not fit at all."""
    evidence = AgentEvidence()
    for prompt in prompts:
        if prompt == BROKEN:
            turn = AgentTurn(window=4096, overflowed=True)
        else:
            turn = AgentTurn(window=4096, prompt=prompt)
        evidence = evidence.after(turn)

    assert evidence.verdicts()[Fault.CONTEXT_TOO_SMALL] is stands


@pytest.mark.parametrize("remote", [None, False, True])
def test_cloud_model(remote: bool | None) -> None:
    """A turn changes nothing about where a model runs."""
    evidence = AgentEvidence(remote=remote).after(AgentTurn(window=4096))

    assert set(evidence.verdicts()) == AGENT_FAULTS
    assert evidence.verdicts()[Fault.CLOUD_MODEL] is remote
