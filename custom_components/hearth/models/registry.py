"""Ollama's registry: which version of a model is the newest, and how large it is.

Ollama keeps a model's manifest byte for byte as it came, and tells the sum of these
bytes as the model's digest; so the newest version is known without downloading it.
That was read in Ollama's source (``server/images.go``), and tried against a server of
our own: the registry itself was never asked from where this was written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
import hashlib
import json
from types import MappingProxyType
from typing import Any

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
)
from .hub_http import address_of, answered, body_of
from .registry_name import OLLAMA, ModelName, parse_name

__all__ = [
    "AccessDenied",
    "BadAnswer",
    "HubError",
    "HubUnreachable",
    "Manifest",
    "ModelName",
    "NotFound",
    "RateLimited",
    "Registry",
    "parse_name",
]

# Hugging Face speaks the same language to Ollama.
ENDPOINTS: Mapping[str, str] = MappingProxyType(
    {
        OLLAMA: f"https://{OLLAMA}",
        "hf.co": "https://hf.co",
        "huggingface.co": "https://huggingface.co",
    }
)

_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
# A manifest is one or two thousand bytes.
_LONGEST_MANIFEST = 256 << 10
_MOST_LAYERS = 1000
_LARGEST_LAYER = 1 << 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One version of a model: the sum that Ollama tells it by, and its bytes."""

    digest: str
    size: int


class Registry:
    """The registries that names of Ollama's lead to, on somebody else's session."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        endpoints: Mapping[str, str] = ENDPOINTS,
        *,
        patience: Patience = Patience(),
    ) -> None:
        """Remember where the registries are.

        Args:
            session: Somebody else's session.
            endpoints: The addresses of registries by the hosts of names; others
                are never asked. Raises ValueError for what is no address.
            patience: How long to wait.
        """
        self._session = session
        self._endpoints = {
            host: address_of(endpoint) for host, endpoint in endpoints.items()
        }
        self._patience = patience

    def knows(self, name: ModelName) -> bool:
        """Return whether a model may be in one of the registries."""
        return name.host in self._endpoints

    async def newest(self, name: ModelName) -> Manifest:
        """Return the newest version of a model.

        Raises NotFound where there is none, and other HubErrors.
        """
        if not self.knows(name):
            raise NotFound(f"{name.host} is no registry that Hearth asks")
        path = f"/v2/{name.owner}/{name.model}/manifests/{name.tag}"
        async with answered(
            self._session,
            URL(self._endpoints[name.host] + path, encoded=True),
            patience=self._patience,
            headers={"Accept": _MANIFEST},
            # The short name of Hugging Face leads to its long one.
            same_origin=False,
        ) as answer:
            body = await body_of(answer, _LONGEST_MANIFEST)
        return Manifest(digest=hashlib.sha256(body).hexdigest(), size=_size(body))


def _size(body: bytes) -> int:
    """Return the bytes of all that a manifest names; raises BadAnswer."""
    try:
        manifest = json.loads(body.decode())
    except (ValueError, RecursionError) as err:
        raise BadAnswer("The registry sends no JSON") from err
    layers = manifest.get("layers") if isinstance(manifest, dict) else None
    if not isinstance(layers, list) or not 0 < len(layers) <= _MOST_LAYERS:
        raise BadAnswer("The registry does not tell the parts of the model")
    config = manifest.get("config")
    return sum(_layer_size(layer) for layer in [*layers, *([config] if config else [])])


def _layer_size(layer: Any) -> int:
    """Return the bytes of one part of a model."""
    size = layer.get("size") if isinstance(layer, dict) else None
    if isinstance(size, bool) or not isinstance(size, int):
        raise BadAnswer("The registry does not tell the size of the model")
    if not 0 <= size <= _LARGEST_LAYER:
        raise BadAnswer("The registry tells a size that no model has")
    return size
