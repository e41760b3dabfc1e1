"""What a message that streams has so far."""

from dataclasses import dataclass


@dataclass(slots=True)
class MessageState:
    """Whether a message says something, and whether it calls tools."""

    spoke: bool = False
    called: bool = False

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was said and no tool called."""
        return not (self.spoke or self.called)

    def speak(self, text: str) -> str:
        """Return what to say of a text: white space before the first word is not."""
        if not self.spoke:
            text = text.lstrip()
        self.spoke = self.spoke or bool(text)
        return text
