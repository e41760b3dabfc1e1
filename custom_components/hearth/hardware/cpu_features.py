"""What the processor is, and what of it llama.cpp can use."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from .cpu import physical_cores
from .kernel_files import entries, name_in, text_of, whole

# More than Linux can be built for.
_MOST_PROCESSORS = 8192


class CpuFeature(StrEnum):
    """Instructions that llama.cpp has code of its own for."""

    AMX_INT8 = "amx_int8"
    AVX = "avx"
    AVX2 = "avx2"
    AVX512 = "avx512"
    AVX512_VNNI = "avx512_vnni"
    AVX_VNNI = "avx_vnni"
    DOTPROD = "dotprod"
    F16C = "f16c"
    FMA = "fma"
    FP16 = "fp16"
    I8MM = "i8mm"
    SME = "sme"
    SVE = "sve"


# As the kernel calls them: Documentation/arch/arm64/elf_hwcaps.rst, and
# arch/x86/include/asm/cpufeatures.h.
_FEATURES = {
    "amx_int8": CpuFeature.AMX_INT8,
    "asimddp": CpuFeature.DOTPROD,
    "asimdhp": CpuFeature.FP16,
    "avx": CpuFeature.AVX,
    "avx2": CpuFeature.AVX2,
    "avx512_vnni": CpuFeature.AVX512_VNNI,
    "avx512f": CpuFeature.AVX512,
    "avx_vnni": CpuFeature.AVX_VNNI,
    "f16c": CpuFeature.F16C,
    "fma": CpuFeature.FMA,
    "i8mm": CpuFeature.I8MM,
    "sme": CpuFeature.SME,
    "sve": CpuFeature.SVE,
}

# ARM's own numbers for its cores, as in the kernel's arch/arm64/include/asm/cputype.h.
_ARM = 0x41
_ARM_CORES = {
    0xD03: "Cortex-A53",
    0xD04: "Cortex-A35",
    0xD05: "Cortex-A55",
    0xD07: "Cortex-A57",
    0xD08: "Cortex-A72",
    0xD09: "Cortex-A73",
    0xD0A: "Cortex-A75",
    0xD0B: "Cortex-A76",
    0xD0C: "Neoverse-N1",
    0xD40: "Neoverse-V1",
    0xD41: "Cortex-A78",
    0xD46: "Cortex-A510",
    0xD47: "Cortex-A710",
    0xD49: "Neoverse-N2",
    0xD4D: "Cortex-A715",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cpu:
    """The processor; None for what the system does not say.

    Args:
        names: Its kinds of cores, ``Cortex-A76``, each once.
        processors: How many the system sees; two for a core with two threads.
        cores: How many can compute for this process without sharing a core.
        features: What all of them can do.
    """

    names: tuple[str, ...] = ()
    processors: int | None = None
    cores: int | None = None
    features: frozenset[CpuFeature] | None = None


def read_cpu(root: Path) -> Cpu:
    """Return what is known of the processor; never raises."""
    blocks = list(cpuinfo(root))
    cores = [block for block in blocks if "processor" in block]
    names = dict.fromkeys(name for block in cores if (name := _name(block)))
    return Cpu(
        names=tuple(names),
        processors=len(cores) or len(_online(root)) or None,
        cores=_cores(root),
        features=_features(cores),
    )


def cpuinfo(root: Path) -> Iterator[dict[str, str]]:
    """Return the blocks of the kernel's description: each processor, and the board."""
    for block in text_of(root / "proc/cpuinfo").split("\n\n")[:_MOST_PROCESSORS]:
        lines = (line.partition(":") for line in block.splitlines())
        if facts := {name.strip(): value.strip() for name, _, value in lines}:
            yield facts


def processors_in(text: str) -> frozenset[int]:
    """Return the numbers of a list of processors, ``0-3,8``."""
    numbers: set[int] = set()
    for part in text.strip().split(",")[:_MOST_PROCESSORS]:
        first, _, last = part.partition("-")
        low, high = whole(first.strip()), whole(last.strip() or first.strip())
        if low is not None and high is not None:
            numbers.update(range(low, min(high + 1, _MOST_PROCESSORS)))
    return frozenset(numbers)


def _cores(root: Path) -> int | None:
    """Return how many cores this process may use, None where nobody says."""
    allowed = _allowed(root) or _online(root)
    return physical_cores(root, allowed) if allowed else None


def _allowed(root: Path) -> frozenset[int]:
    """Return the processors that this process may run on."""
    for line in text_of(root / "proc/self/status").splitlines():
        name, _, value = line.partition(":")
        if name == "Cpus_allowed_list":
            return processors_in(value)
    return frozenset()


def _online(root: Path) -> frozenset[int]:
    """Return the processors that are in use."""
    folder = root / "sys/devices/system/cpu"
    if online := processors_in(text_of(folder / "online")):
        return online
    names = (entry.name.removeprefix("cpu") for entry in entries(folder, "cpu"))
    return frozenset(n for name in names if (n := whole(name)) is not None)


def _name(block: dict[str, str]) -> str | None:
    """Return what a processor is called."""
    if _number(block.get("CPU implementer", "")) == _ARM:
        part = _number(block.get("CPU part", ""))
        if part in _ARM_CORES:
            return _ARM_CORES[part]
    return name_in(block.get("model name", ""))


def _number(text: str) -> int | None:
    """Return a number as the kernel writes these, ``0xd0b``."""
    try:
        return int(text, 16) if len(text) <= 8 else None
    except ValueError:
        return None


def _features(blocks: list[dict[str, str]]) -> frozenset[CpuFeature] | None:
    """Return what all processors have, None where the kernel does not say."""
    said = [block.get("Features", block.get("flags")) for block in blocks]
    known = [
        frozenset(_FEATURES[flag] for flag in flags.split() if flag in _FEATURES)
        for flags in said
        if flags
    ]
    return frozenset.intersection(*known) if known else None
