"""The worker's refusals, in llama-server's words and numbers."""

from typing import Any


class ApiError(Exception):
    """A request that is refused, with the status and the type llama-server has."""

    def __init__(self, status: int, kind: str, message: str, **more: Any) -> None:
        """Remember what is told to the client; ``more`` stands beside the message."""
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {
            "error": {"code": status, "message": message, "type": kind, **more}
        }


def bad_request(message: str) -> ApiError:
    """Return the refusal of a request that is wrong."""
    return ApiError(400, "invalid_request_error", message)


def failed(message: str) -> ApiError:
    """Return what is said when the engine failed."""
    return ApiError(500, "server_error", message)


def not_supported(message: str) -> ApiError:
    """Return the refusal of what this server was not started for."""
    return ApiError(501, "not_supported_error", message)


def not_found() -> ApiError:
    """Return the refusal of a path that is none."""
    return ApiError(404, "not_found_error", "File Not Found")


def wrong_key() -> ApiError:
    """Return the refusal of a client without the key."""
    return ApiError(401, "authentication_error", "Invalid API Key")


def still_loading() -> ApiError:
    """Return what everybody hears until the model is loaded."""
    return ApiError(503, "unavailable_error", "Loading model")


def too_long(tokens: int, context: int) -> ApiError:
    """Return the refusal of a prompt that does not fit."""
    return ApiError(
        400,
        "exceed_context_size_error",
        f"request ({tokens} tokens) exceeds the available context size "
        f"({context} tokens), try increasing it",
        n_prompt_tokens=tokens,
        n_ctx=context,
    )
