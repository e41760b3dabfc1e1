"""What a llama.cpp of our own is started with, as words on a command line."""

from collections.abc import Iterable, Mapping
from pathlib import Path
import re

from .launch import CacheType, LaunchPlan, Runtime

WORKER = Path(__file__).parent / "worker"

_MIB = 1 << 20

# llama.cpp takes every option from a variable, too (LLAMA_ARG_...): what Home
# Assistant happens to have in its environment must not say how a model is run.
_VARIABLES = frozenset(
    {
        *("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TEMP", "TMP"),
        *("TMPDIR", "TZ"),
    }
)
_FAMILIES = ("CUDA_", "GGML_", "GOMP_", "HIP_", "HSA_", "OMP_", "ROCR_", "VK_")

# What llama-server and argparse say to an option that they do not know.
_REFUSED = re.compile(
    r"(?:invalid argument|unknown argument|unrecognized arguments?): (\S+)"
)

# Names and states come again after few tokens and are short, where llama.cpp looks
# for 12 alike and guesses 48: a wrong guess of so many costs more than it saves.
_NGRAM = {
    "--spec-type": ["ngram-map-k"],
    "--spec-ngram-map-k-size-n": ["3"],
    "--spec-ngram-map-k-size-m": ["8"],
}

# Options that an older build may lack: it then has nothing that they would turn
# off, or does without what they would turn on. The other name of one option may
# be known where the one is not.
_OPTIONAL = frozenset(
    {
        *("--cache-ram", "--ctx-checkpoints", "--flash-attn", "--jinja"),
        *("--no-ui", "--no-webui", "--offline", *_NGRAM),
    }
)


def command(
    plan: LaunchPlan, port: int, key_file: Path, refused: Iterable[str] = ()
) -> list[str]:
    """Return a program and its arguments.

    Args:
        plan: What is to be run.
        port: Where it listens, on 127.0.0.1.
        key_file: The file with its API key.
        refused: Options that this program does not know, see ``refused_option``.
    """
    worker = plan.runtime is Runtime.LLAMA_CPP_PYTHON
    words = [str(plan.program)]
    if worker:
        # Without -P the working directory could be searched for modules.
        words += ["-P", str(WORKER)]
    words += [
        *("--model", str(plan.model)),
        *("--alias", plan.alias),
        *("--host", "127.0.0.1"),
        *("--port", str(port)),
        *("--api-key-file", str(key_file)),
        # llama-server divides it among the slots.
        *("--ctx-size", str(plan.context_window * plan.slots)),
        *("--threads", str(plan.threads)),
        *("--cache-type-k", plan.cache_type.value),
        *("--cache-type-v", plan.cache_type.value),
        *("--slot-save-path", str(slots_folder(plan))),
    ]
    optional = {
        "--flash-attn": _flash_attention(plan, refused),
        # In MiB; the default is 8 GiB, more than a Raspberry Pi has to give.
        "--cache-ram": [str(plan.prompt_cache // _MIB)],
        "--ctx-checkpoints": [str(plan.checkpoints)],
    }
    if worker:
        if plan.packages is not None:
            words += ["--packages", str(plan.packages)]
    else:
        words += ["--parallel", str(plan.slots), "--batch-size", str(plan.batch)]
        optional |= {"--offline": [], "--jinja": []}
        if plan.ngram:
            optional |= _NGRAM
        # Two names for one option, of which a build knows at least one or none.
        optional["--no-webui" if "--no-ui" in refused else "--no-ui"] = []
    for option, values in optional.items():
        if option not in refused:
            words += [option, *values]
    return words


def slots_folder(plan: LaunchPlan) -> Path:
    """Return the folder that saved slots go to."""
    return plan.folder / "slots"


def _flash_attention(plan: LaunchPlan, refused: Iterable[str]) -> list[str]:
    """Return what ``--flash-attn`` is given.

    A quantized V cache does not work without it. Builds before September 2025
    know it as a switch without a value and refuse the value instead.
    """
    value = "auto" if plan.cache_type is CacheType.F16 else "on"
    return [] if value in refused else [value]


def refused_option(plan: LaunchPlan, log: Iterable[str]) -> str | None:
    """Return the word that a program refused, where it can do without.

    Args:
        plan: What it was to run.
        log: What it wrote, oldest line first.
    """
    for line in log:
        if (said := _REFUSED.search(line)) is None:
            continue
        word = said[1]
        if word == _flash_attention(plan, ())[0]:
            return word if word == "on" else "--flash-attn"
        return word if word in _OPTIONAL else None
    return None


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the part of an environment that a program of ours gets."""
    return {
        name: value
        for name, value in variables.items()
        if name in _VARIABLES or name.startswith(_FAMILIES)
    }
