"""Having llama-server read a prompt in pieces.

What it has begun to compute it computes to its end. Who comes while a whole prompt is
read waits for one or two batches of it, and a batch may be all of it; between pieces
there is nothing to wait for.
"""

from collections.abc import AsyncGenerator

from .chat import ChatRequest, Delta, Pace
from .faults import ModelMissing, ProtocolError, Unsupported
from .http import HttpClient
from .llama_format import chat_body
from .values import JsonObject, integers, mapping, number, text

# Seconds that a small piece may take, which a person does not notice.
_PIECE_SECONDS = 0.05
_FIRST, _FEWEST, _MOST = 8, 4, 64
# Tokens of a large one. Without AVX-512, so many took 8 to 10 milliseconds each, as in
# one go, and 24 took 25.
_LARGE = 128


async def read_in_pieces(
    http: HttpClient, request: ChatRequest
) -> AsyncGenerator[Delta]:
    """Read the prompt of a request; yield an empty delta after each piece.

    A server that does not show its prompts, or takes none, reads nothing here.
    """
    body = chat_body(request)
    try:
        tokens = await _tokens(http, body)
    except ModelMissing, ProtocolError, Unsupported:
        return
    large = request.pace is Pace.LARGE
    end, piece = 0, _LARGE if large else _FIRST
    while end < len(tokens):
        end = min(end + piece, len(tokens))
        if large and len(tokens) - end < piece // 2:
            # What would be a small batch of its own goes with the last piece.
            end = len(tokens)
        asked = {"prompt": tokens[:end], "n_predict": 0, "cache_prompt": True}
        for name in ("id_slot", "model"):
            if name in body:
                asked[name] = body[name]
        try:
            done = await http.json(
                "POST", "/completion", asked, deadlines=request.deadlines
            )
        except ModelMissing, ProtocolError, Unsupported:
            return
        if not large:
            speed = number(mapping(done, "timings"), "prompt_per_second") or 0.0
            piece = max(_FEWEST, min(round(speed * _PIECE_SECONDS), _MOST))
        yield Delta()


async def _tokens(http: HttpClient, body: JsonObject) -> list[int]:
    """Return the tokens of the prompt that a server makes of a chat."""
    shown = await http.json("POST", "/apply-template", body)
    asked = {
        "content": text(shown, "prompt"),
        "add_special": True,
        "parse_special": True,
    }
    return integers(await http.json("POST", "/tokenize", asked), "tokens")
