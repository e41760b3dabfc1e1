"""Chats: the prompt is made, the engine works, and its words go to the client."""

from aiohttp import web

from .answers import Answer
from .chat_request import read_chat
from .engine import Job
from .errors import ApiError, too_long
from .fields import parse_body
from .generation import Ended
from .output import OutputParser
from .state import STATE
from .weight import Weight


async def chat(request: web.Request) -> web.StreamResponse:
    """Answer a chat; a client that hangs up stops the engine."""
    state = request.app[STATE]
    asked = read_chat(parse_body(await request.read()))
    prompts = state.loaded
    prepared = await state.at_the_desk(lambda: prompts.prepare(asked))
    order = prepared.order
    context = state.engine.machine.context.size
    if len(order.prompt) >= context:
        raise too_long(len(order.prompt), context)
    answer = Answer(state.options.alias)
    job = state.engine.submit(order)
    try:
        if asked.stream:
            return await _stream(request, job, prepared.parser, answer, asked.usage)
        return await _whole(job, prepared.parser, answer)
    finally:
        state.engine.cancel(job)


async def _stream(
    request: web.Request, job: Job, parser: OutputParser, answer: Answer, usage: bool
) -> web.StreamResponse:
    """Send an answer piece by piece."""
    # As long as nothing was said, an error can still have its own status.
    event = await job.events.get()
    if isinstance(event, ApiError):
        raise event
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    said = answer.opening()
    while isinstance(event, str | Weight):
        if isinstance(event, Weight):
            answer.weigh(event)
        elif said := said + answer.add(parser.feed(event)):
            await response.write(said)
            said = b""
        event = await job.events.get()
    said += answer.add(parser.finish())
    if isinstance(event, Ended):
        said += answer.end(event, usage=usage)
    else:
        said += answer.broken(event)
    await response.write(said)
    return response


async def _whole(job: Job, parser: OutputParser, answer: Answer) -> web.Response:
    """Send an answer at once."""
    while isinstance(event := await job.events.get(), str | Weight):
        if isinstance(event, Weight):
            answer.weigh(event)
        else:
            answer.add(parser.feed(event))
    if isinstance(event, ApiError):
        raise event
    answer.add(parser.finish())
    return web.json_response(answer.whole(event))
