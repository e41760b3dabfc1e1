"""What is used again must be as good as what is read anew."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.hearth.engines.worker.context import Aborted, Context
from custom_components.hearth.engines.worker.library import load_library
from custom_components.hearth.engines.worker.model import Model
from custom_components.hearth.engines.worker.options import Options
from custom_components.hearth.engines.worker.reading import Reading
from custom_components.hearth.engines.worker.saved import NotSaved

from ..gguf_models import write_random
from .rolling_models import WINDOW, write_hybrid, write_windowed

WRITERS: dict[str, Callable[[Path], None]] = {
    "all": write_random,
    "hybrid": write_hybrid,
    "windowed": write_windowed,
}
ROLLS_BACK = "all"
# A prompt that several batches and windows are needed for, and where its user begins.
SIZE, USER = 700, 650
END = 4
# Scores that differ by less than this part of the largest one are the same.
CLOSE = 0.012

random = np.random.default_rng(1)
PROMPT = random.integers(300, 8000, SIZE).tolist()
OTHER = PROMPT[:USER] + random.integers(300, 8000, 40).tolist()
LONG = random.integers(300, 8000, 1000).tolist()
STRANGER = random.integers(300, 8000, 200).tolist()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A model and its context."""

    name: str
    library: Any
    model: Model
    context: Context

    def reading(self, **more: Any) -> Reading:
        """Return an empty reading, of the one context there is."""
        self.context.clear()
        options = Options(model=Path(), alias="", **({"checkpoints": 4} | more))
        return Reading(self.context, self.model.facts, options)

    def scores(
        self, reading: Reading, prompt: list[int], user: int | None = USER
    ) -> tuple[int, NDArray[np.float32]]:
        """Read a prompt; return how much was used again, and the scores after it."""
        kept = reading.begin(prompt, reuse=True)
        reading.read(prompt, user, lambda: True)
        assert reading.tokens == prompt
        return kept, self.context.logits().copy()

    def go_far(self, reading: Reading) -> None:
        """Read on, until windows have moved far away."""
        self.scores(reading, [*PROMPT, *LONG], None)

    def fresh(self, prompt: list[int]) -> NDArray[np.float32]:
        """Return the scores after a prompt that is read from the beginning."""
        return self.scores(self.reading(), prompt)[1]


@pytest.fixture(scope="module", params=WRITERS)
def bench(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bench]:
    """Return a bench for each kind of model."""
    path = tmp_path_factory.mktemp("models") / f"{request.param}.gguf"
    WRITERS[request.param](path)
    library = load_library(None)
    model = Model(library, path, lambda: True)
    context = Context(library, model, Options(model=path, alias="", context=2048))
    yield Bench(name=request.param, library=library, model=model, context=context)
    library.llama_free(context.pointer)
    library.llama_model_free(model.pointer)


def alike(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    """Return whether scores are the same but for the order of computing."""
    return bool(np.abs(one - other).max() < CLOSE * np.abs(other).max())


def test_what_models_say_of_themselves(bench: Bench) -> None:
    """It is known which can roll back."""
    assert bench.reading().rolls_back is (bench.name == ROLLS_BACK)
    assert bench.model.facts.window == (WINDOW if bench.name == "windowed" else 0)
    assert bench.model.facts.recurrent is (bench.name == "hybrid")


def test_scores_tell_prompts_apart(bench: Bench) -> None:
    """The comparison of the other tests can fail."""
    assert alike(bench.fresh(PROMPT), bench.fresh(PROMPT))
    assert not alike(bench.fresh(PROMPT), bench.fresh(OTHER))
    almost = [*PROMPT[: USER - 2], 5, 6, *PROMPT[USER:]]
    assert not alike(bench.fresh(PROMPT), bench.fresh(almost))


@pytest.mark.parametrize("far", [True, False])
def test_a_turn_after_another(bench: Bench, far: bool) -> None:
    """What the user said before is forgotten, what came before that is kept."""
    wanted = bench.fresh(OTHER)
    reading = bench.reading()
    bench.scores(reading, PROMPT)
    for token in (400, 401, 402):
        reading.step(token)
    if far:
        bench.go_far(reading)
    kept, found = bench.scores(reading, OTHER)
    assert kept == USER
    assert alike(found, wanted)


def test_a_longer_prompt(bench: Bench) -> None:
    """What was read and generated is the beginning of the next prompt."""
    longer = [*PROMPT, 400, 401, *STRANGER]
    wanted = bench.fresh(longer)
    reading = bench.reading()
    bench.scores(reading, PROMPT)
    reading.step(400)
    reading.step(401)
    kept, found = bench.scores(reading, longer)
    assert kept == SIZE + 2
    assert alike(found, wanted)


def test_the_same_prompt(bench: Bench) -> None:
    """At least one token is read again, and scores are there."""
    wanted = bench.fresh(PROMPT)
    reading = bench.reading()
    bench.scores(reading, PROMPT)
    kept, found = bench.scores(reading, PROMPT)
    # A window of which not much moved on can still be rolled back.
    assert kept == SIZE - 1 if bench.name == ROLLS_BACK else kept >= SIZE - END
    assert alike(found, wanted)


def test_an_answer_that_is_written_in_another_way(bench: Bench) -> None:
    """The opening of the answer is gone in the next prompt."""
    longer = [*PROMPT[: SIZE - END], 7, 8, 9, *STRANGER]
    wanted = bench.fresh(longer)
    reading = bench.reading()
    bench.scores(reading, PROMPT)
    bench.go_far(reading)
    kept, found = bench.scores(reading, longer)
    assert kept == SIZE - END
    assert alike(found, wanted)


def test_without_checkpoints(bench: Bench) -> None:
    """A model that cannot roll back reads all of it again."""
    wanted = bench.fresh(OTHER)
    reading = bench.reading(checkpoints=0)
    bench.scores(reading, PROMPT)
    bench.go_far(reading)
    kept, found = bench.scores(reading, OTHER)
    assert kept == (USER if bench.name == ROLLS_BACK else 0)
    assert alike(found, wanted)


def test_few_checkpoints(bench: Bench) -> None:
    """The newest ones are kept."""
    reading = bench.reading(checkpoints=1)
    bench.scores(reading, PROMPT)
    bench.go_far(reading)
    kept, _ = bench.scores(reading, OTHER)
    # The one at a prompt's end took the place of the one where the user begins.
    assert kept == (USER if bench.name == ROLLS_BACK else 0)


def test_no_use_of_what_was_read(bench: Bench) -> None:
    """All is read again where that is wanted."""
    reading = bench.reading()
    bench.scores(reading, PROMPT)
    assert reading.begin(PROMPT, reuse=False) == 0
    assert reading.tokens == []


def test_stopped_in_the_middle(bench: Bench) -> None:
    """What was read until then is still right, and nothing else is there."""
    wanted = bench.fresh(PROMPT)
    reading = bench.reading()
    asked = []

    def go_on() -> bool:
        asked.append(True)
        bench.context.switch.set(len(asked) == 2)
        return True

    reading.begin(PROMPT, reuse=True)
    with pytest.raises(Aborted):
        reading.read(PROMPT, USER, go_on)
    bench.context.switch.set(False)
    assert len(asked) == 2
    assert reading.tokens == (PROMPT[:512] if bench.name != "hybrid" else [])
    assert alike(bench.scores(reading, PROMPT)[1], wanted)


def test_stopped_between_batches(bench: Bench) -> None:
    """Who is asked may say no."""
    reading = bench.reading()
    reading.begin(PROMPT, reuse=True)
    with pytest.raises(Aborted):
        reading.read(PROMPT, None, lambda: not reading.tokens)
    assert reading.tokens == PROMPT[:512]


def test_prompts_in_turn(bench: Bench) -> None:
    """A prompt that another one took the place of comes back from the shelf."""
    wanted = bench.fresh(PROMPT)
    reading = bench.reading(cache_bytes=64 << 20)
    bench.scores(reading, PROMPT)
    assert bench.scores(reading, STRANGER, None)[0] == 0
    kept, found = bench.scores(reading, PROMPT)
    assert kept >= SIZE - END
    assert alike(found, wanted)
    kept, found = bench.scores(reading, [*STRANGER, 7], None)
    assert kept == len(STRANGER)
    assert alike(found, bench.fresh([*STRANGER, 7]))


def test_a_shelf_without_room(bench: Bench) -> None:
    """What does not fit is read again."""
    reading = bench.reading(cache_bytes=10_000)
    bench.scores(reading, PROMPT)
    bench.scores(reading, STRANGER, None)
    assert bench.scores(reading, PROMPT)[0] == 0


def test_a_file(bench: Bench, tmp_path: Path) -> None:
    """What was saved goes on where it was."""
    longer = [*PROMPT, *STRANGER]
    wanted = bench.fresh(longer)
    reading = bench.reading()
    bench.scores(reading, PROMPT)
    size = reading.save(tmp_path / "slot")
    assert size == (tmp_path / "slot").stat().st_size
    assert reading.erase() == SIZE
    assert reading.load(tmp_path / "slot") == size
    kept, found = bench.scores(reading, longer)
    assert kept == SIZE
    assert alike(found, wanted)
    # The checkpoints were saved, too.
    reading.load(tmp_path / "slot")
    kept, found = bench.scores(reading, OTHER)
    assert kept == USER
    assert alike(found, bench.fresh(OTHER))


def test_files_that_are_none(bench: Bench, tmp_path: Path) -> None:
    """A file that is missing, cut short or nonsense leaves nothing behind."""
    wanted = bench.fresh(PROMPT)
    reading = bench.reading()
    bench.scores(reading, PROMPT)
    reading.save(tmp_path / "slot")
    whole = (tmp_path / "slot").read_bytes()
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "short").write_bytes(whole[:10])
    (tmp_path / "nonsense").write_bytes(b"\xff" * 5000)
    (tmp_path / "empty").write_bytes(b"")
    for name in ("cut", "short", "nonsense", "empty", "missing"):
        with pytest.raises(NotSaved):
            reading.load(tmp_path / name)
        assert reading.tokens == []
    assert alike(bench.scores(reading, PROMPT)[1], wanted)
    with pytest.raises(NotSaved, match="cannot be written"):
        reading.save(tmp_path / "no" / "such" / "folder")
    options = Options(model=Path(), alias="", context=256)
    small = Context(bench.library, bench.model, options)
    (tmp_path / "slot").write_bytes(whole)
    with pytest.raises(NotSaved, match="does not fit"):
        Reading(small, bench.model.facts, options).load(tmp_path / "slot")
    bench.library.llama_free(small.pointer)
    reading.erase()
    with pytest.raises(NotSaved, match="nothing to save"):
        reading.save(tmp_path / "slot")
