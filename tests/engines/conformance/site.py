"""A server that is asked without the client that Hearth has for it."""

import asyncio
from dataclasses import dataclass
import json
import re
from typing import Any

import aiohttp

KEY = "open-sesame"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server said: a status, and an object or something else."""

    status: int
    body: Any


class Site:
    """The address of a server, and how to ask there."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        """Remember where it is."""
        self._session = session
        self.url = url

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = KEY,
        raw: bytes | None = None,
    ) -> Reply:
        """Ask, and return the answer whatever it is."""
        # llama-server hangs up after a stream without a word.
        headers = {"Connection": "close"}
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        data = raw if body is None else json.dumps(body).encode()
        async with self._session.request(
            method, f"{self.url}{path}", data=data, headers=headers
        ) as answer:
            text = await answer.text()
            return Reply(
                answer.status,
                json.loads(text) if answer.content_type == "application/json" else text,
            )

    async def chat(self, said: str, **more: Any) -> dict[str, Any]:
        """Return the whole answer to something said."""
        messages = [{"role": "user", "content": said}]
        body = {"messages": messages, "temperature": 0} | more
        reply = await self.ask("POST", "/v1/chat/completions", body)
        assert reply.status == 200, reply.body
        answer: dict[str, Any] = reply.body
        return answer

    async def events(self, said: str, **more: Any) -> list[str]:
        """Return the data of the events of an answer that streams."""
        reply = await self.ask(
            "POST",
            "/v1/chat/completions",
            {
                "messages": [{"role": "user", "content": said}],
                "stream": True,
                "temperature": 0,
            }
            | more,
        )
        assert reply.status == 200, reply.body
        lines = [line for line in reply.body.split("\n") if line]
        assert all(line.startswith("data: ") for line in lines)
        return [line.removeprefix("data: ") for line in lines]

    async def slot(self) -> dict[str, Any]:
        """Return what the slot does."""
        slot: dict[str, Any] = (await self.ask("GET", "/slots")).body[0]
        return slot

    async def metric(self, name: str) -> float:
        """Return one of the server's own counters."""
        text = (await self.ask("GET", "/metrics")).body
        found = re.search(rf"^llamacpp:{name} (\S+)", text, re.MULTILINE)
        assert found is not None, text
        return float(found[1])

    async def until_idle(self) -> dict[str, Any]:
        """Wait until the slot is idle; return what it has.

        llama-server looks after its listeners when it had nothing to say to anybody
        for a second; to ask more often than that keeps it from looking.
        """
        async with asyncio.timeout(30):
            while True:
                await asyncio.sleep(1.2)
                if not (slot := await self.slot())["is_processing"]:
                    return slot
