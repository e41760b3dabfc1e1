"""The arithmetic of speed agrees with what was published, and learns from what is."""

from math import inf, nan

import pytest

from custom_components.hearth.hardware.engine_costs import (
    LLAMA_CPP_PYTHON,
    LLAMA_SERVER,
    LOCAL_AI,
    OLLAMA,
    EngineCost,
)
from custom_components.hearth.hardware.fit import ModelShape, memory_needed
from custom_components.hearth.hardware.speed import (
    NOT_CALIBRATED,
    RASPBERRY_PI_5,
    Basis,
    Calibration,
    Speed,
    Work,
    calibrated,
    estimate_speed,
    factor,
    pace_of,
    reckoned_speed,
)
from custom_components.hearth.hardware.speed_loading import estimate_load, load_factor
from custom_components.hearth.hardware.storage import StorageKind

# Llama 3.2 3B, Q4_K_M: bytes of the file, and weights.
LLAMA = Work(
    weights=2_019_377_600,
    parameters=3_212_749_824,
    active_parameters=3_212_749_824,
    quantization="Q4_K_M",
)
LLAMA_SHAPE = ModelShape(
    weights=LLAMA.weights,
    layers=28,
    kv_heads=8,
    key_length=128,
    value_length=128,
    embedding_length=3072,
    feed_forward_length=8192,
    vocabulary=128256,
    heads=24,
)


def work(weights: float, parameters: float, active: float, kind: str) -> Work:
    """Return the work of a model whose numbers are in billions."""
    return Work(
        weights=round(weights * 1e9),
        parameters=round(parameters * 1e9),
        active_parameters=round(active * 1e9),
        quantization=kind,
    )


@pytest.mark.parametrize(
    ("model", "published"),
    [
        # The community's table: Ollama, llama.cpp, LocalAI, llama-cpp-python.
        (LLAMA, 5.2),
        (LLAMA, 5.3),
        (LLAMA, 4.8),
        (LLAMA, 5.0),
        # geerlingguy/ai-benchmarks.
        (LLAMA, 4.61),
        (LLAMA, 5.55),
        (work(4.92, 8.03, 8.03, "Q4_K_M"), 2.17),
        # llama.cpp, issue 26484.
        (work(0.398, 0.5, 0.5, "Q4_K_M"), 25.8),
        (work(0.531, 0.5, 0.5, "Q8_0"), 19.9),
        # byteshape.com: a mixture of experts.
        (work(10.3, 30.53, 3.35, "Q3_K_S"), 8.03),
        # potato-os/core: tables for each layer that are looked up.
        (work(3.09, 4.63, 2.28, "Q4_K_M"), 6.7),
        (work(3.09, 4.63, 2.28, "Q4_K_M"), 6.0),
        (work(4.82, 7.46, 4.64, "Q4_0"), 3.5),
    ],
)
def test_generating_on_a_pi(model: Work, published: float) -> None:
    """Generated tokens a second are right to 20 %."""
    speed = reckoned_speed(model, RASPBERRY_PI_5)
    assert speed.generating == pytest.approx(published, rel=0.2)


@pytest.mark.parametrize(
    ("model", "published"),
    [
        (LLAMA, 23),
        # llama.cpp, pull requests 19356 and 19360.
        (work(0.25, 0.354, 0.354, "Q5_K_M"), 187),
        (work(0.29, 0.354, 0.354, "Q6_K"), 224),
        (work(0.53, 0.742, 0.742, "Q5_K_M"), 89.7),
        (work(0.61, 0.742, 0.742, "Q6_K"), 105.8),
        (work(3.09, 4.63, 2.28, "Q4_K_M"), 28.0),
        (work(3.09, 4.63, 2.28, "Q4_K_M"), 31.9),
    ],
)
def test_reading_on_a_pi(model: Work, published: float) -> None:
    """Read tokens a second are right to 20 %."""
    speed = reckoned_speed(model, RASPBERRY_PI_5)
    assert speed.reading == pytest.approx(published, rel=0.2)


@pytest.mark.parametrize(
    ("engine", "published"),
    [(OLLAMA, 2.27), (LLAMA_SERVER, 2.21), (LOCAL_AI, 2.42), (LLAMA_CPP_PYTHON, 2.35)],
)
def test_memory_of_engines(engine: EngineCost, published: float) -> None:
    """Memory is right to 10 %, with the window that 100 tokens and a prompt take."""
    need = memory_needed(LLAMA_SHAPE, 512, overhead=engine.overhead)
    assert need.total == pytest.approx(published * 1e9, rel=0.1)


@pytest.mark.parametrize(
    ("engine", "published"),
    [(OLLAMA, 3), (LLAMA_SERVER, 2), (LOCAL_AI, 12), (LLAMA_CPP_PYTHON, 4)],
)
def test_loading_with_engines(engine: EngineCost, published: float) -> None:
    """Seconds to load are those of the table."""
    load = estimate_load(LLAMA.weights, StorageKind.MEMORY, engine.start)
    assert load is not None
    assert load.value == pytest.approx(published, rel=0.1)
    assert load.basis is Basis.ESTIMATED


def test_kinds_of_work() -> None:
    """Fewer bits generate faster; what is not rearranged reads slower."""
    q4 = reckoned_speed(LLAMA, RASPBERRY_PI_5)
    q3 = reckoned_speed(work(1.687, 3.213, 3.213, "Q3_K_M"), RASPBERRY_PI_5)
    assert q4.generating and q4.reading and q3.generating and q3.reading
    assert 1.1 < q3.generating / q4.generating < 1.4
    assert q3.reading < 0.5 * q4.reading
    same = reckoned_speed(work(2.019, 3.213, 3.213, "UD-Q4_K_XL"), RASPBERRY_PI_5)
    assert same.reading == pytest.approx(q4.reading, rel=0.001)
    long_talk = Work(
        weights=LLAMA.weights, parameters=1, active_parameters=1, cache=470_000_000
    )
    later = reckoned_speed(long_talk, RASPBERRY_PI_5)
    assert later.generating == pytest.approx(1 / (2_489_377_600 / 11e9 + 0.005))


def test_cores() -> None:
    """Reading needs all cores, generating most of them, and more help nothing."""
    whole = reckoned_speed(LLAMA, RASPBERRY_PI_5)
    three = reckoned_speed(LLAMA, RASPBERRY_PI_5, 3)
    one = reckoned_speed(LLAMA, RASPBERRY_PI_5, 0)
    assert whole.generating and whole.reading
    assert reckoned_speed(LLAMA, RASPBERRY_PI_5, 64) == whole
    assert three.generating == whole.generating
    assert three.reading == pytest.approx(whole.reading * 0.75)
    assert one.generating == pytest.approx(1 / (LLAMA.weights * 3 / 11e9 + 0.005))
    assert one.reading == pytest.approx(whole.reading / 4)


def test_unknown_numbers() -> None:
    """A model of unknown size is one that uses all of its bytes."""
    unknown = Work(weights=2_145_000_000, parameters=0, active_parameters=0)
    speed = reckoned_speed(unknown, RASPBERRY_PI_5)
    assert speed.generating == pytest.approx(5.0)
    assert speed.reading is None
    nothing = Work(weights=0, parameters=0, active_parameters=0)
    assert reckoned_speed(nothing, RASPBERRY_PI_5).generating is None
    odd = Work(weights=10**9, parameters=5, active_parameters=50)
    assert odd.bytes_per_token == 1e9
    assert estimate_speed(unknown, RASPBERRY_PI_5).reading is None


def test_unknown_machines() -> None:
    """Where a machine's kind is not known, only what was measured counts."""
    assert pace_of(is_pi5=True) is RASPBERRY_PI_5
    assert pace_of(is_pi5=False) is None
    assert pace_of(is_pi5=None) is None
    estimate = estimate_speed(LLAMA, None)
    assert estimate.generating is None
    assert estimate.reading is None
    learned = calibrated(
        NOT_CALIBRATED, LLAMA, Speed(generating=20, reading=None), None
    )
    estimate = estimate_speed(LLAMA, None, learned)
    assert estimate.generating is not None
    assert estimate.generating.basis is Basis.MEASURED
    assert estimate.generating.value == pytest.approx(20)
    assert estimate.reading is None


def test_estimates_say_so() -> None:
    """A number is an estimate until it was measured here."""
    before = estimate_speed(LLAMA, RASPBERRY_PI_5)
    assert before.generating is not None
    assert before.generating.basis is Basis.ESTIMATED
    hot = Speed(generating=before.generating.value / 2, reading=None)
    learned = calibrated(NOT_CALIBRATED, LLAMA, hot, RASPBERRY_PI_5)
    assert learned.generating == pytest.approx(0.5, rel=0.02)
    assert learned.token_seconds is None
    after = estimate_speed(LLAMA, RASPBERRY_PI_5, learned)
    assert after.generating is not None
    assert after.reading is not None
    assert after.generating.basis is Basis.MEASURED
    assert after.generating.value == pytest.approx(hot.generating)
    assert after.reading.basis is Basis.ESTIMATED
    other = estimate_speed(work(4.92, 8.03, 8.03, "Q4_K_M"), RASPBERRY_PI_5, learned)
    assert other.generating is not None
    assert other.generating.value == pytest.approx(11 / 4.92 / 2, rel=0.02)


def test_machines_that_are_much_faster() -> None:
    """What was measured is what is said, also where a token takes next to nothing."""
    fast = Speed(generating=900.0, reading=9000.0)
    learned = calibrated(NOT_CALIBRATED, LLAMA, fast, RASPBERRY_PI_5)
    assert learned.token_seconds == pytest.approx(0.75 / 900)
    estimate = estimate_speed(LLAMA, RASPBERRY_PI_5, learned)
    assert estimate.generating is not None
    assert estimate.generating.value == pytest.approx(900)
    assert estimate.reading is not None
    assert estimate.reading.value == pytest.approx(9000)
    again = calibrated(learned, LLAMA, fast, RASPBERRY_PI_5)
    assert again.token_seconds == learned.token_seconds
    assert again.generating == pytest.approx(learned.generating)


@pytest.mark.parametrize("odd", [0.0, -1.0, nan, inf, 1e12])
def test_odd_speeds_change_nothing(odd: float) -> None:
    """A speed that cannot have been measured leaves everything as it was."""
    speed = Speed(generating=odd, reading=odd)
    assert calibrated(NOT_CALIBRATED, LLAMA, speed, None) == NOT_CALIBRATED


def test_measurements_are_weighed() -> None:
    """A measurement counts as much as all before it."""
    once = factor(None, 8, 2)
    assert once == 4
    assert factor(once, 2, 2) == pytest.approx(2)


@pytest.mark.parametrize("measured", [None, 0, -3.0, nan, inf, 1e9, 1e-9])
@pytest.mark.parametrize("before", [None, 1.5])
def test_odd_measurements(measured: float | None, before: float | None) -> None:
    """What cannot have been measured changes nothing."""
    assert factor(before, measured, 5.0) == before
    assert factor(before, 5.0, None) == before


def test_loading() -> None:
    """A card takes longest, and what is not known is not said."""
    seconds = {kind: estimate_load(LLAMA.weights, kind) for kind in StorageKind}
    card, nvme = seconds[StorageKind.SD_CARD], seconds[StorageKind.NVME]
    assert card is not None
    assert nvme is not None
    assert card.value == pytest.approx(22.4, rel=0.01)
    assert nvme.value == pytest.approx(4.5, rel=0.01)
    assert seconds[StorageKind.NETWORK] is None
    assert estimate_load(LLAMA.weights, None) is None


def test_loading_measured() -> None:
    """Seconds that were measured count for other models, too."""
    learned = load_factor(None, LLAMA.weights, 7.0, StorageKind.NETWORK, 1.0)
    assert learned is not None
    again = estimate_load(
        LLAMA.weights // 2,
        StorageKind.NETWORK,
        1.0,
        Calibration(loading=learned),
    )
    assert again is not None
    assert again.basis is Basis.MEASURED
    assert again.value == pytest.approx(4.0)
    assert load_factor(learned, LLAMA.weights, 1.0, None, 1.0) == learned
