"""What was published of the Raspberry Pi 5, and what the arithmetic says of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from custom_components.hearth.hardware.engine_costs import (
    LLAMA_CPP_PYTHON,
    LLAMA_SERVER,
    LOCAL_AI,
    OLLAMA,
)
from custom_components.hearth.hardware.fit import ModelShape, memory_needed
from custom_components.hearth.hardware.speed import (
    RASPBERRY_PI_5,
    Work,
    reckoned_speed,
)
from custom_components.hearth.hardware.speed_loading import estimate_load
from custom_components.hearth.hardware.storage import StorageKind
from custom_components.hearth.models.catalog import CatalogFile, CatalogModel, catalog

MEMORY, SPEED = 0.1, 0.2
BILLION = 1e9
# The community's table: generate 100 tokens with Llama 3.2 3B, Q4_K_M, on a
# Raspberry Pi 5 with 16 GB. Tokens a second, GB, and seconds to load.
ENGINES = {
    "Ollama": (OLLAMA, 5.2, 2.27, 3),
    "llama.cpp": (LLAMA_SERVER, 5.3, 2.21, 2),
    "LocalAI": (LOCAL_AI, 4.8, 2.42, 12),
    "llama-cpp-python": (LLAMA_CPP_PYTHON, 5.0, 2.35, 4),
}
# The table does not say which context window was used. This one holds a prompt and
# 100 tokens; one of 4096 tokens would take 0.4 GB more.
WINDOW = 512
# Bytes and weights of Llama 3.1 8B, Q4_K_M.
LLAMA_8B = Work(
    weights=4_920_000_000,
    parameters=8_030_000_000,
    active_parameters=8_030_000_000,
    quantization="Q4_K_M",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the arithmetic says beside what is so.

    Args:
        title: Of what.
        unit: In which unit.
        predicted: What the arithmetic says.
        actual: What was published or measured.
        tolerance: How far off it may be, as a share; None where that is not set.
    """

    title: str
    unit: str
    predicted: float
    actual: float
    tolerance: float | None = SPEED

    @property
    def off(self) -> float:
        """Return by which share the arithmetic is too high, or too low."""
        return self.predicted / self.actual - 1

    @property
    def fits(self) -> bool:
        """Return whether that is within the tolerance."""
        return self.tolerance is None or abs(self.off) <= self.tolerance


def model_of(key: str) -> CatalogModel:
    """Return a model of the catalogue."""
    return next(model for model in catalog() if model.key == key)


def work_of(model: CatalogModel, file: CatalogFile) -> Work:
    """Return what a model's file asks of a machine."""
    return Work(
        weights=file.size,
        parameters=model.parameters,
        active_parameters=model.active_parameters,
        quantization=file.quantization,
    )


def shape_of(model: CatalogModel, weights: int) -> ModelShape:
    """Return what decides a model's memory, with so many bytes of weights."""
    shape = model.shape
    return ModelShape(
        weights=weights, **{name: getattr(shape, name) for name in shape.__slots__}
    )


def _work(key: str, quantization: str = "Q4_K_M") -> Work:
    """Return what a model of the catalogue asks of a machine."""
    model = model_of(key)
    file = model.file(quantization)
    if file is None:
        raise LookupError(f"{key} has no {quantization}")
    return work_of(model, file)


def _generating(work: Work) -> float:
    """Return tokens a second that are generated on a Raspberry Pi 5."""
    return reckoned_speed(work, RASPBERRY_PI_5).generating or 0


def _reading(work: Work) -> float:
    """Return tokens a second that are read on a Raspberry Pi 5."""
    return reckoned_speed(work, RASPBERRY_PI_5).reading or 0


def engine_rows() -> Iterator[Row]:
    """Return memory, speed and seconds to load of each engine."""
    llama = _work("llama3.2-3b")
    shape = shape_of(model_of("llama3.2-3b"), llama.weights)
    for name, (cost, generating, memory, seconds) in ENGINES.items():
        need = memory_needed(shape, WINDOW, overhead=cost.overhead).total
        yield Row(
            title=f"{name}, memory",
            unit="GB",
            predicted=need / BILLION,
            actual=memory,
            tolerance=MEMORY,
        )
        yield Row(
            title=f"{name}, generating",
            unit="tokens/s",
            predicted=_generating(llama),
            actual=generating,
        )
        load = estimate_load(llama.weights, StorageKind.MEMORY, cost.start)
        if load is not None:
            yield Row(
                title=f"{name}, loading",
                unit="s",
                predicted=load.value,
                actual=seconds,
                tolerance=None,
            )


def rule_rows() -> Iterator[Row]:
    """Return the rules of thumb, as ratios of speeds."""
    q3, q4, q5 = (
        _generating(_work("llama3.2-3b", kind))
        for kind in ("Q3_K_M", "Q4_K_M", "Q5_K_M")
    )
    times = {
        "Q3_K_M generates 30 % faster than Q4_K_M": (q3 / q4, 1.3),
        "Q4_K_M generates 25 % faster than Q5_K_M": (q4 / q5, 1.25),
        "3B generates 2.5 times as fast as 8B": (q4 / _generating(LLAMA_8B), 2.5),
    }
    for title, (predicted, actual) in times.items():
        yield Row(title=title, unit="times", predicted=predicted, actual=actual)
    # Seconds for the whole window: its tokens over tokens a second.
    reading = _reading(_work("llama3.2-3b"))
    yield Row(
        title="2048 tokens are read twice as fast as 4096",
        unit="times",
        predicted=(4096 / reading) / (2048 / reading),
        actual=2,
    )
    for title, actual in (("least", 4.6), ("most", 5.6)):
        yield Row(
            title=f"Llama 3.2 3B, {title} of several reports",
            unit="tokens/s",
            predicted=q4,
            actual=actual,
        )
    yield Row(
        title="a 3B model reads some 23 tokens a second",
        unit="tokens/s",
        predicted=reading,
        actual=23,
    )


def other_rows() -> Iterator[Row]:
    """Return what others published of models in the catalogue; not all of it fits.

    potato-os/core, byteshape.com, dodatathings.dev and geerlingguy/ai-benchmarks
    are the sources; some used another engine or other quantizations.
    """
    q4_0 = Work(
        weights=4_821_000_000,
        parameters=model_of("gemma4-e4b").parameters,
        active_parameters=model_of("gemma4-e4b").active_parameters,
        quantization="Q4_0",
    )
    generated = {
        "LFM2.5 1.2B, 4 bits": (_work("lfm2.5-1.2b"), 12),
        "Qwen3.5 2B, Q4_K_M (ik_llama)": (_work("qwen3.5-2b"), 7.8),
        "Qwen3.5 4B, Q4_K_M (ik_llama)": (_work("qwen3.5-4b"), 3.2),
        "Gemma 4 E2B, Q4_K_M": (_work("gemma4-e2b"), 6.7),
        "Gemma 4 E4B, Q4_0": (q4_0, 3.5),
        "Llama 3.1 8B, Q4_K_M (Ollama)": (LLAMA_8B, 2.17),
        "Qwen3 30B-A3B, 2.7 bits": (_work("qwen3-30b-a3b-instruct", "Q3_K_S"), 8.03),
    }
    for title, (work, actual) in generated.items():
        yield Row(
            title=f"{title}, generating",
            unit="tokens/s",
            predicted=_generating(work),
            actual=actual,
            tolerance=None,
        )
    read = {
        "Gemma 4 E2B, Q4_K_M": (_work("gemma4-e2b"), 28.0),
        "Gemma 4 E4B, Q4_0": (q4_0, 18.5),
        "Qwen3.5 4B, Q4_K_M (ik_llama)": (_work("qwen3.5-4b"), 11),
        "Qwen3 30B-A3B, 2.7 bits": (_work("qwen3-30b-a3b-instruct", "Q3_K_S"), 10.9),
    }
    for title, (work, actual) in read.items():
        yield Row(
            title=f"{title}, reading",
            unit="tokens/s",
            predicted=_reading(work),
            actual=actual,
            tolerance=None,
        )
