"""Talking to a Home Assistant from outside, as its own page and others do."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from .errors import DemoError

type Event = dict[str, Any]
type Listener = Callable[[Event], None]

_ANSWER_TIMEOUT = 30
# A person may think for minutes on a slow engine.
_LONG_TIMEOUT = aiohttp.ClientTimeout(total=900)


class RestClient:
    """Home Assistant's REST API at one address."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        """Remember the address."""
        self.url = url
        self.session = session
        self.token: str | None = None

    async def get(self, path: str) -> Any:
        """Read something."""
        return await self._request("GET", path)

    async def post(self, path: str, body: Any = None) -> Any:
        """Send JSON."""
        return await self._request("POST", path, json=body)

    async def post_form(self, path: str, form: dict[str, str]) -> Any:
        """Send a form."""
        return await self._request("POST", path, data=form)

    async def _request(self, method: str, path: str, **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            async with self.session.request(
                method, self.url + path, headers=headers, timeout=_LONG_TIMEOUT, **body
            ) as response:
                if response.status >= 400:
                    text = (await response.text())[:500]
                    raise DemoError(
                        f"Home Assistant refused {method} {path} "
                        f"({response.status}): {text}"
                    )
                return await response.json()
        except aiohttp.ClientError as err:
            raise DemoError(f"Home Assistant did not answer {path}: {err}") from err


class SocketClient:
    """Home Assistant's websocket API on one connection."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Remember the connection, which must be authenticated."""
        self._socket = socket
        self._last_id = 0
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._listeners: dict[int, Listener] = {}

    async def command(
        self, kind: str, *, within: float = _ANSWER_TIMEOUT, **fields: Any
    ) -> Any:
        """Run a command and return its result, within so many seconds."""
        return await self._send(kind, fields, None, within)

    async def subscribe(self, event_type: str, listener: Listener) -> None:
        """Have a listener called for every event of a type."""
        await self._send("subscribe_events", {"event_type": event_type}, listener)

    async def flush(self) -> None:
        """Return when every event that was fired before has been received."""
        await self.command("ping")

    async def _send(
        self,
        kind: str,
        fields: dict[str, Any],
        listener: Listener | None,
        within: float = _ANSWER_TIMEOUT,
    ) -> Any:
        self._last_id += 1
        number = self._last_id
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        if listener is not None:
            self._listeners[number] = listener
        await self._socket.send_json({"id": number, "type": kind, **fields})
        try:
            async with asyncio.timeout(within):
                return await answer
        except TimeoutError:
            raise DemoError(
                f"Home Assistant did not answer the command {kind}"
            ) from None
        finally:
            self._answers.pop(number, None)

    async def read(self) -> None:
        """Hand out what comes in, until the connection is closed."""
        async for message in self._socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            content = message.json()
            # More than one message may come in one frame.
            for one in content if isinstance(content, list) else [content]:
                self._hand_out(one)
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(DemoError("Home Assistant closed the connection"))

    def _hand_out(self, message: dict[str, Any]) -> None:
        number = message.get("id", 0)
        if message["type"] == "event":
            if listener := self._listeners.get(number):
                listener(message["event"])
            return
        answer = self._answers.get(number)
        if answer is None or answer.done():
            return
        if message.get("success", True):
            answer.set_result(message.get("result"))
        else:
            error = message.get("error", {}).get("message", "unknown error")
            answer.set_exception(DemoError(f"Home Assistant says: {error}"))


@asynccontextmanager
async def connect(rest: RestClient) -> AsyncIterator[SocketClient]:
    """Open the websocket API with the REST client's token."""
    async with rest.session.ws_connect(
        f"{rest.url}/api/websocket", max_msg_size=0
    ) as socket:
        await socket.receive_json()
        await socket.send_json({"type": "auth", "access_token": rest.token})
        if (await socket.receive_json())["type"] != "auth_ok":
            raise DemoError("Home Assistant did not accept its own token")
        client = SocketClient(socket)
        reader = asyncio.create_task(client.read())
        try:
            yield client
        finally:
            reader.cancel()
