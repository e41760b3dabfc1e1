"""Which of a program's slots has read which prompt.

Each slot of a llama-server has a KV cache of its own, so that a prompt in one of
them is still there when another was read meanwhile.
"""


class Slots:
    """Gives each prompt a slot: its own, or the one that was left alone longest.

    Args:
        number: How many there are; where there is one, the program need not be told.
    """

    def __init__(self, number: int = 1) -> None:
        """Have nothing read in any slot."""
        # The one that was used last comes last.
        self._prompts: dict[int, str | None] = dict.fromkeys(range(number))
        self.used = False

    def has(self, prompt: str | None) -> bool:
        """Return whether a prompt is in one of the slots."""
        return prompt is not None and prompt in self._prompts.values()

    def take(self, prompt: str | None) -> tuple[int, str | None]:
        """Return the slot for a prompt, which is in it from now on, and what was.

        Args:
            prompt: Its key; None for one that will not come again.
        """
        taken = next(iter(self._prompts))
        if self.has(prompt):
            taken = next(n for n, known in self._prompts.items() if known == prompt)
        before = self._prompts.pop(taken)
        self._prompts[taken] = prompt
        self.used = True
        return taken, before
