"""Hugging Face's HTTP API: which models there are, how large, with which sum."""

from collections.abc import Mapping
import json
import re
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from .download_request import Patience
from .hub_base import (
    AccessDenied,
    BadAnswer,
    HubError,
    HubUnreachable,
    NotFound,
    RateLimited,
    RemoteFile,
    RemoteModel,
)
from .hub_choice import choose, models_of, names_of, quantization_of
from .hub_http import address_of, answered, body_of
from .hub_reference import (
    MAIN,
    Reference,
    check_file,
    check_repository,
    check_revision,
    parse_reference,
)

__all__ = [
    "AccessDenied",
    "BadAnswer",
    "Hub",
    "HubError",
    "HubUnreachable",
    "NotFound",
    "RateLimited",
    "Reference",
    "RemoteFile",
    "RemoteModel",
    "choose",
    "parse_reference",
    "quantization_of",
]

ENDPOINT = "https://huggingface.co"

# A thousand entries of a repository are about 400 KiB.
_LONGEST_PAGE = 8 << 20
_MOST_PAGES = 20
_LARGEST_FILE = 1 << 50
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Hub:
    """One hub, on somebody else's session."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        endpoint: str = ENDPOINT,
        token: str | None = None,
        *,
        patience: Patience = Patience(),
    ) -> None:
        """Remember where the hub is; raises ValueError where that is no address."""
        self._session = session
        self._endpoint = address_of(endpoint)
        self._token = token or None
        self._patience = patience

    async def files(
        self, repository: str, revision: str = MAIN
    ) -> tuple[RemoteModel, ...]:
        """Return the GGUF models of a repository; a split one is one model.

        Raises ValueError for names that cannot be, HubError for all else.
        """
        path = f"/api/models/{check_repository(repository)}"
        quoted = quote(check_revision(revision), safe="")
        about, _ = await self._json(f"{path}/revision/{quoted}")
        commit = about.get("sha") if isinstance(about, dict) else None
        if not isinstance(commit, str) or not _COMMIT.fullmatch(commit):
            raise BadAnswer("The hub does not tell the commit of the repository")
        files: list[RemoteFile] = []
        query: Mapping[str, str] | None = {"recursive": "true"}
        for _ in range(_MOST_PAGES):
            entries, query = await self._json(f"{path}/tree/{commit}", query)
            if not isinstance(entries, list):
                raise BadAnswer("The hub does not list the files of the repository")
            files += (
                file
                for entry in entries
                if (file := self._file(repository, commit, entry)) is not None
            )
            if query is None:
                return models_of(repository, commit, files, revision)
        raise BadAnswer("The repository has more files than Hearth reads")

    async def model(
        self, repository: str, file: str, revision: str = MAIN
    ) -> RemoteModel:
        """Return the model that a file belongs to.

        Raises NotFound, which tells the files there are, other HubErrors, and
        ValueError for names that cannot be.
        """
        check_file(file)
        models = await self.files(repository, revision)
        for model in models:
            if any(part.name == file for part in model.files):
                return model
        raise NotFound(
            f"{repository} has no model in {file}; it has {names_of(models)}"
        )

    def _file(self, repository: str, commit: str, entry: object) -> RemoteFile | None:
        """Read an entry of a listing; None for what is no model file."""
        if not isinstance(entry, dict):
            raise BadAnswer("The hub does not list the files of the repository")
        name, lfs = entry.get("path"), entry.get("lfs")
        if entry.get("type") != "file" or not isinstance(name, str):
            return None
        try:
            check_file(name)
        except ValueError:
            return None
        if lfs is None:
            # A small file in git itself: it has no sum to check it by.
            return None
        sha256 = lfs.get("oid") if isinstance(lfs, dict) else None
        size = lfs.get("size") if isinstance(lfs, dict) else None
        if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
            raise BadAnswer(f"The hub tells no checksum of {name}")
        if not isinstance(size, int) or not 0 < size <= _LARGEST_FILE:
            raise BadAnswer(f"The hub tells no size of {name}")
        return RemoteFile(
            name=name,
            size=size,
            sha256=sha256,
            url=f"{self._endpoint}/{repository}/resolve/{commit}/{quote(name)}",
        )

    async def _json(
        self, path: str, query: Mapping[str, str] | None = None
    ) -> tuple[Any, Mapping[str, str] | None]:
        """Return the JSON at a path, and the query of the page after it."""
        url = URL(self._endpoint + path, encoded=True)
        if query:
            url = url.with_query(query)
        async with answered(
            self._session, url, token=self._token, patience=self._patience
        ) as answer:
            body = await body_of(answer, _LONGEST_PAGE)
            following = _next_query(answer)
        try:
            return json.loads(body.decode()), following
        except (ValueError, RecursionError) as err:
            raise BadAnswer("The hub sends no JSON") from err


def _next_query(answer: aiohttp.ClientResponse) -> Mapping[str, str] | None:
    """Return the query of the next page.

    Only the query is taken from the link, never the host: a mirror passes links on
    to the hub that it mirrors, which has no business with its token.
    """
    try:
        url = answer.links["next"]["url"]
    except KeyError, ValueError:
        return None
    return dict(url.query) if isinstance(url, URL) else None
