"""What can go wrong with an engine, named for what a person can do about it."""


class EngineError(Exception):
    """The root of everything that leaves this package as an error.

    Children are named for what the person at the other end can do about them.
    """


class Unreachable(EngineError):
    """Nothing answers at the address, or the connection broke."""


class TimedOut(EngineError):
    """The engine is there but was silent for longer than its deadline."""


class AuthFailed(EngineError):
    """The engine wants an API key, or another one."""


class Busy(EngineError):
    """The engine has no room for another request, or is still loading."""


class ModelMissing(EngineError):
    """The engine does not have this model."""


class ContextOverflow(EngineError):
    """The prompt does not fit into the context window.

    Args:
        message: What the engine said.
        prompt_tokens: Length of the prompt in tokens, where the engine told it.
        context_window: Size of the window in tokens, where the engine told it.
    """

    def __init__(
        self,
        message: str,
        *,
        prompt_tokens: int | None = None,
        context_window: int | None = None,
    ) -> None:
        """Keep the two numbers that say by how much it is too long."""
        super().__init__(message)
        self.prompt_tokens = prompt_tokens
        self.context_window = context_window


class OutOfMemory(EngineError):
    """The machine has not enough memory for the model."""


class ProtocolError(EngineError):
    """The answer is not what this kind of engine says: no JSON, cut off, too big.

    Args:
        message: What is wrong with it.
        status: The HTTP status, where the engine refused with one.
    """

    def __init__(self, message: str, *, status: int | None = None) -> None:
        """Keep the status."""
        super().__init__(message)
        self.status = status


class PullFailed(EngineError):
    """A model could not be downloaded."""


class StartFailed(EngineError):
    """An engine of our own could not be started, or ended again and again."""


class Unsupported(EngineError):
    """The engine or the model cannot do what was asked."""
