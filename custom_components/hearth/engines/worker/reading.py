"""What the context has read, and how much of it the next prompt can use again."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from .context import BATCH, Aborted, Context
from .library import LibraryError
from .model import Facts
from .options import Options
from .saved import Checkpoint, Copy, NotSaved, load, save
from .shelf import Shelf, shared

# Tokens before a prompt's end. Templates open the answer with up to so many that are
# not there any more when the answer has become a message of the past.
_OPENING = 4
# Fewer tokens than these are read sooner than a copy is made or put back.
_WORTH_A_COPY = 64


class Reading:
    """The tokens in the context, in their order."""

    def __init__(self, context: Context, facts: Facts, options: Options) -> None:
        """Begin with an empty context."""
        self._context = context
        self._facts = facts
        self._most_checkpoints = options.checkpoints
        self._checkpoints: list[Checkpoint] = []
        self._shelf = Shelf(options.cache_bytes)
        # What a saved slot must agree with.
        self._model = (
            f"{facts.parameters} {facts.size} {facts.vocabulary} {facts.width} "
            f"{options.cache_type_k} {options.cache_type_v} {options.flash_attention}"
        )
        self.tokens: list[int] = []

    @property
    def rolls_back(self) -> bool:
        """Return whether the model can forget its last tokens alone."""
        return not (self._facts.recurrent or self._facts.window)

    def begin(self, prompt: Sequence[int], *, reuse: bool) -> int:
        """Keep what a prompt has in common with what was read.

        At least one token is left to be read: its scores are needed.

        Returns:
            The count of tokens that need not be read.
        """
        if not reuse:
            self.erase()
            return 0
        common = shared(self.tokens, prompt)
        if self._shelf.limit:
            common = self._swap(prompt, common)
        self._fall_back(min(common, len(prompt) - 1))
        return len(self.tokens)

    def read(
        self,
        prompt: Sequence[int],
        user_start: int | None,
        go_on: Callable[[], bool],
    ) -> None:
        """Read the rest of a prompt.

        Args:
            prompt: All of it; it begins with what is there.
            user_start: How many tokens the last words of the user come after.
            go_on: Asked between batches.

        Raises:
            Aborted: It was stopped; what was read stays.
            LibraryError: The computing failed.
        """
        stops = self._stops(len(prompt), user_start)
        while (at := len(self.tokens)) < len(prompt):
            if not go_on():
                raise Aborted
            if at in stops:
                self._make_checkpoint()
            end = min([at + BATCH, len(prompt), *(s for s in stops if s > at)])
            batch = prompt[at:end]
            self._compute(partial(self._context.read, batch))
            self.tokens += batch

    def step(self, token: int) -> None:
        """Read a token that was generated; raises what ``read`` raises."""
        self._compute(partial(self._context.step, token))
        self.tokens.append(token)

    def erase(self) -> int:
        """Forget everything; return how many tokens that were."""
        count = len(self.tokens)
        self._context.clear()
        self._checkpoints.clear()
        self.tokens = []
        return count

    def save(self, path: Path) -> int:
        """Write what was read to a file; return its bytes.

        Raises:
            NotSaved: It cannot be written.
        """
        if (copy := self._copy()) is None:
            raise NotSaved("There is nothing to save")
        try:
            return save(path, copy, self._model)
        except OSError as err:
            raise NotSaved(f"It cannot be written: {err}") from err

    def load(self, path: Path) -> int:
        """Read a file that ``save`` wrote; return its bytes.

        Raises:
            NotSaved: It is no such file; then nothing is left of what was read.
        """
        self.erase()
        copy, size = load(path, self._model)
        if len(copy.tokens) > self._context.size or not self._put_back(copy):
            raise NotSaved("It does not fit")
        return size

    def _compute(self, compute: Callable[[], None]) -> None:
        """Compute, and leave the context as it was if that does not come to its end."""
        try:
            compute()
        except Aborted, LibraryError:
            self._fall_back(len(self.tokens), torn=True)
            raise

    def _fall_back(self, count: int, *, torn: bool = False) -> None:
        """Forget all but at most the first tokens.

        Args:
            count: How many may stay.
            torn: Whether there may be more in the context than is known.
        """
        if count == len(self.tokens) and not torn:
            return
        self._checkpoints = [c for c in self._checkpoints if c.count <= count]
        if not self._keep(count):
            while self._checkpoints:
                checkpoint = self._checkpoints[-1]
                count = checkpoint.count
                if self._context.restore(checkpoint.state, partial=True) and (
                    self._context.keep(count)
                ):
                    break
                self._checkpoints.pop()
            else:
                count = 0
                self._context.clear()
        del self.tokens[count:]

    def _keep(self, count: int) -> bool:
        """Forget all but the first tokens, if the model can do that."""
        if not count or self._facts.recurrent:
            return False
        # A window that moved on has forgotten what the next token would look at.
        if self._context.first_place() > max(0, count - self._facts.window):
            return False
        return self._context.keep(count)

    def _stops(self, size: int, user_start: int | None) -> set[int]:
        """Return the places in a prompt where checkpoints are made."""
        if self.rolls_back or not self._most_checkpoints:
            return set()
        wanted = {size - _OPENING, user_start or 0}
        return {stop for stop in wanted if len(self.tokens) <= stop and stop > 0}

    def _make_checkpoint(self) -> None:
        """Make a checkpoint of what was read, instead of the oldest if need be."""
        count = len(self.tokens)
        if any(checkpoint.count == count for checkpoint in self._checkpoints):
            return
        if (state := self._context.state(partial=True)) is not None:
            self._checkpoints.append(Checkpoint(count, state))
            del self._checkpoints[: -self._most_checkpoints]

    def _swap(self, prompt: Sequence[int], common: int) -> int:
        """Put away what this prompt would destroy, and fetch what it can use.

        Returns:
            How many tokens the context and the prompt have in common now.
        """
        found = self._shelf.take(prompt, common + _WORTH_A_COPY)
        if common < len(self.tokens) // 2 and len(self.tokens) >= _WORTH_A_COPY:
            self._put_away()
        if found is None:
            return common
        self.erase()
        self._put_back(found)
        return shared(self.tokens, prompt)

    def _put_away(self) -> None:
        """Keep a copy of what was read, if there is room for it."""
        size = self._context.state_size()
        size += sum(checkpoint.state.size for checkpoint in self._checkpoints)
        if self._shelf.make_room(size, self.tokens) and (copy := self._copy()):
            self._shelf.put(copy)

    def _copy(self) -> Copy | None:
        """Return a copy of what was read, if there is anything."""
        if not self.tokens or (state := self._context.state(partial=False)) is None:
            return None
        return Copy(tuple(self.tokens), state, tuple(self._checkpoints))

    def _put_back(self, copy: Copy) -> bool:
        """Put a copy into the empty context; return whether that worked."""
        if not self._context.restore(copy.state, partial=False):
            self._context.clear()
            return False
        self.tokens = list(copy.tokens)
        self._checkpoints = list(copy.checkpoints)
        return True
