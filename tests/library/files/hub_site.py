"""A hub with one repository whose files a test can change and hold back."""

import asyncio
from dataclasses import dataclass, field
import hashlib
import json
from typing import Any

from ...models.file_server import COMMIT, Answer, Asked, FileServer, file, says


@dataclass(slots=True)
class HubSite:
    """A hub with one repository, whose files can change.

    Args:
        files: What is in the files.
        branch: The branch that they are in.
        status: What it answers to questions, where not 200.
        withholds: Whether files are only for others.
        stop_at: After which byte a file stops until ``go_on`` is set.
        server: Where it is, and what it was asked.
    """

    files: dict[str, bytes]
    branch: str = "main"
    status: str = "200 OK"
    withholds: bool = False
    stop_at: int | None = None
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    server: FileServer | None = None

    @property
    def begins(self) -> list[int]:
        """Return from which byte on files were asked for."""
        assert self.server is not None
        return [a.begin for a in self.server.asked if "/resolve/" in a.path]

    async def answer(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        """Answer as a hub does."""
        if "/resolve/" in asked.path and self.withholds:
            await says("403 Forbidden", "Content-Length: 0")(asked, writer)
        elif "/resolve/" in asked.path:
            content = self.files[asked.path.rpartition("/")[2]]
            begin = 0 if self.stop_at is None else self.stop_at
            await file(content, until=begin or None)(asked, writer)
            if begin:
                await self.go_on.wait()
                writer.write(content[max(begin, asked.begin) :])
        else:
            await self._page(asked)(asked, writer)

    def _page(self, asked: Asked) -> Answer:
        """Return what the hub tells of its repository."""
        if not self.status.startswith("200"):
            return says(self.status, "Content-Length: 0")
        if asked.path == f"/api/models/owner/small/revision/{self.branch}":
            return page({"sha": COMMIT})
        if asked.path.startswith(f"/api/models/owner/small/tree/{COMMIT}"):
            return page([listed(name, data) for name, data in self.files.items()])
        return says("404 Not Found", "Content-Length: 0")


def listed(name: str, content: bytes) -> dict[str, Any]:
    """Return a file as a hub lists it."""
    lfs = {"oid": hashlib.sha256(content).hexdigest(), "size": len(content)}
    return {"type": "file", "path": name, "lfs": lfs}


def page(value: Any) -> Answer:
    """Return an answer in JSON."""
    body = json.dumps(value).encode()
    return says("200 OK", f"Content-Length: {len(body)}", body=body)
