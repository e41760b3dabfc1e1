"""How fast a model reads and speaks, by arithmetic alone.

To generate a token, every weight that it uses is read from memory once: that takes
bytes over bandwidth, and a little more that is the same for every model. To read a
prompt, many tokens share one pass through the weights, and what counts is
arithmetic: it takes as long as there are weights. Both are right to 20 % for what
was published of the Raspberry Pi 5 (``scripts/bench fit`` shows it), and for other
machines once something was measured on them.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite, sqrt


class Basis(StrEnum):
    """What a number rests on."""

    ESTIMATED = "estimated"
    MEASURED = "measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number, and whether it comes from measurements on this machine."""

    value: float
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What a kind of machine can do with llama.cpp.

    Args:
        bandwidth: Bytes of weights a second that it reads while it generates.
        token_seconds: What a generated token takes besides: the cores wait for one
            another in every layer, and a token has to be chosen.
        arithmetic: Weights times tokens a second that it computes while it reads
            a prompt, where llama.cpp rearranges the weights for its processor.
        cores: Cores that compute, in what both numbers come from.
        enough_cores: Cores that suffice for the whole bandwidth.
        plain_share: Share of the arithmetic with weights that are not rearranged.
        rearranged: How quantizations begin that llama.cpp rearranges here.
    """

    bandwidth: float
    token_seconds: float
    arithmetic: float
    cores: int
    enough_cores: int
    plain_share: float
    rearranged: tuple[str, ...]


# Generating: a model of half a billion weights makes 25.8 tokens a second from
# 0.398 GB and 19.9 from 0.531 GB (llama.cpp, issue 26484), which is 4.5 ms for each
# token and 11.6 GB/s for the bytes; 11.4 GB/s were measured without a model
# (hellomatik), and 3B models say 11. Without the 4.5 ms, the bytes seem to come at
# 9.8 to 10.6 GB/s: the rule of 10. Reading: read
# tokens a second times parameters are 65 to 79 billion for LFM2 350M and 700M
# (llama.cpp, pull requests 19356 and 19360) and for Gemma 4 E2B (potato-os/core,
# docs/benchmarks). Rearranging made reading 2 to 2.65 times as fast (the same
# pull requests); ggml-cpu/repack.cpp has what is rearranged for processors with
# NEON and dotprod but without i8mm. Three cores generate as fast as four
# (potato-os/core, benchmarks/mnn_spike_results.md).
RASPBERRY_PI_5 = Pace(
    bandwidth=11e9,
    token_seconds=0.005,
    arithmetic=70e9,
    cores=4,
    enough_cores=3,
    plain_share=1 / 2.3,
    rearranged=("Q4_0", "Q4_K", "Q5_K", "Q6_K", "Q8_0", "IQ4_NL", "MXFP4"),
)

# More than this no machine differs from the one that is reckoned with.
_MOST_TIMES = 1000.0
# A token's own seconds are at most this share of what a token was seen to take.
_MOST_OWN = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a model asks of a machine.

    Args:
        weights: Bytes of its tensors, or of its file.
        parameters: How many weights it has; 0 where unknown.
        active_parameters: How many of them one token uses: fewer in a mixture of
            experts, and where each layer looks something up in a table. 0 where
            unknown.
        quantization: Such as ``Q4_K_M``; None where unknown.
        cache: Bytes of keys and values of the tokens so far, which every generated
            token reads too.
    """

    weights: int
    parameters: int
    active_parameters: int
    quantization: str | None = None
    cache: int = 0

    @property
    def bytes_per_token(self) -> float:
        """Return what is read from memory to generate a token."""
        share = 1.0
        if self.parameters and self.active_parameters:
            share = min(self.active_parameters / self.parameters, 1)
        return self.weights * share + self.cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Tokens a second, None where nobody knows."""

    generating: float | None
    reading: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedEstimate:
    """Tokens a second and what each number rests on, None where nobody knows."""

    generating: Figure | None
    reading: Figure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How many times what was reckoned a machine does; None what nobody measured.

    Args:
        generating: Bytes of weights a second while it generates.
        reading: Read tokens a second.
        loading: Bytes a second of a model that is loaded.
        token_seconds: Seconds that a generated token takes besides, where they were
            seen to be less than reckoned.
    """

    generating: float | None = None
    reading: float | None = None
    loading: float | None = None
    token_seconds: float | None = None


NOT_CALIBRATED = Calibration()


def pace_of(*, is_pi5: bool | None) -> Pace | None:
    """Return what a kind of machine can do, None where there are no numbers of it."""
    return RASPBERRY_PI_5 if is_pi5 else None


def reckoned_speed(work: Work, pace: Pace, cores: int | None = None) -> Speed:
    """Return the speed that follows from a machine's kind.

    Args:
        work: The model.
        pace: The machine.
        cores: Cores that may be used, where it is not all of them.
    """
    octets, parameters = work.bytes_per_token, work.active_parameters
    cores = pace.cores if cores is None else max(cores, 1)
    arithmetic = pace.arithmetic * min(cores / pace.cores, 1)
    if (
        not (work.quantization or "Q4_0")
        .removeprefix("UD-")
        .startswith(pace.rearranged)
    ):
        arithmetic *= pace.plain_share
    seconds = octets / _bandwidth(pace, cores) + pace.token_seconds
    return Speed(
        generating=1 / seconds if octets else None,
        reading=arithmetic / parameters if parameters else None,
    )


def _bandwidth(pace: Pace, cores: int | None) -> float:
    """Return the bytes a second that so many cores read."""
    if cores is None:
        return pace.bandwidth
    return pace.bandwidth * min(max(cores, 1) / pace.enough_cores, 1)


def estimate_speed(
    work: Work,
    pace: Pace | None,
    calibration: Calibration = NOT_CALIBRATED,
    cores: int | None = None,
) -> SpeedEstimate:
    """Return how fast a model will be.

    Args:
        work: The model.
        pace: The machine, None where its kind is not known; then only what was
            measured counts.
        calibration: What measurements on this machine say.
        cores: Cores that may be used, where it is not all of them.
    """
    known, here = pace is not None, _learned(pace or RASPBERRY_PI_5, calibration)
    reckoned = reckoned_speed(work, here, cores)
    # The pace has what was measured of generating already.
    measured = None if calibration.generating is None else 1.0
    return SpeedEstimate(
        generating=figure(reckoned.generating, measured, known=known),
        reading=figure(reckoned.reading, calibration.reading, known=known),
    )


def _learned(pace: Pace, calibration: Calibration) -> Pace:
    """Return how fast a machine really generates."""
    own = calibration.token_seconds
    return replace(
        pace,
        bandwidth=pace.bandwidth * (calibration.generating or 1),
        token_seconds=pace.token_seconds if own is None else own,
    )


def calibrated(
    calibration: Calibration,
    work: Work,
    measured: Speed,
    pace: Pace | None,
    cores: int | None = None,
) -> Calibration:
    """Return a calibration that a new measurement has gone into.

    Each measurement counts as much as all before it together, so that one while the
    machine was busy or hot is soon forgotten. Pace and cores are those that are
    given to :func:`estimate_speed`.
    """
    base = pace or RASPBERRY_PI_5
    learned = replace(
        calibration,
        reading=factor(
            calibration.reading,
            measured.reading,
            reckoned_speed(work, base, cores).reading,
        ),
    )
    rate = measured.generating
    if rate is None or not isfinite(rate) or rate <= 0:
        return learned
    before, own = _learned(base, calibration).token_seconds, _MOST_OWN / rate
    bandwidth = work.bytes_per_token / (1 / rate - min(before, own))
    generating = factor(calibration.generating, bandwidth, _bandwidth(base, cores))
    if own < before and generating != calibration.generating:
        learned = replace(learned, token_seconds=own)
    return replace(learned, generating=generating)


def figure(
    reckoned: float | None, measured_factor: float | None, *, known: bool
) -> Figure | None:
    """Return a number as it was reckoned, or as it is with what was measured."""
    if reckoned is None:
        return None
    if measured_factor is not None:
        return Figure(value=reckoned * measured_factor, basis=Basis.MEASURED)
    return Figure(value=reckoned, basis=Basis.ESTIMATED) if known else None


def factor(
    before: float | None, measured: float | None, reckoned: float | None
) -> float | None:
    """Return how many times what was reckoned is true, after a measurement.

    A measurement that is no number, not above zero or beyond belief changes nothing.
    """
    if not measured or not reckoned:
        return before
    new = measured / reckoned
    if not isfinite(new) or not 1 / _MOST_TIMES <= new <= _MOST_TIMES:
        return before
    return new if before is None else sqrt(before * new)
