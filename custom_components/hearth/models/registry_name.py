"""What Ollama calls a model, and which names are safe.

The parts and the characters that each may have are those of Ollama's own parser
(``types/model/name.go``).
"""

from dataclasses import dataclass
import re
from typing import override

# Where a name without a host is looked for, and below which folder.
OLLAMA = "registry.ollama.ai"
_LIBRARY = "library"
_LATEST = "latest"

_LONGEST = 400
_HOST = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,251}(?::[0-9]{1,5})?")
_OWNER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,79}")
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}")
# Pages with models that people copy the address of.
_PAGE = re.compile(
    r"https://(?:www\.)?(ollama\.com|hf\.co|huggingface\.co|registry\.ollama\.ai)/"
)
_SITE = "ollama.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelName:
    """The whole name of a model of Ollama's.

    Args:
        host: The registry.
        owner: Whose it is there.
        model: What it is called.
        tag: Which of its versions.
    """

    host: str
    owner: str
    model: str
    tag: str

    @override
    def __str__(self) -> str:
        """Return it as Ollama lists it: without what goes without saying."""
        name = f"{self.model}:{self.tag}"
        if self.host != OLLAMA:
            return f"{self.host}/{self.owner}/{name}"
        return name if self.owner == _LIBRARY else f"{self.owner}/{name}"


def parse_name(text: str) -> ModelName:
    """Read a name such as ``qwen3:0.6b``, ``user/model`` or ``hf.co/org/repo:Q8_0``.

    The address of a model's page does as well. Raises ValueError for what is no
    name, and for one that could be mistaken for something else on the way.
    """
    text = text.strip()
    if len(text) > _LONGEST or not (text.isascii() and text.isprintable()):
        raise ValueError("That is no name of a model")
    if page := _PAGE.match(text):
        text = _without_site(page[1], text[page.end() :].rstrip("/"))
    path, slash, last = text.rpartition("/")
    model, colon, tag = last.partition(":")
    parts = path.split("/") if slash else []
    if len(parts) > 2:
        raise ValueError("A model is written as name, owner/name or host/owner/name")
    owner = parts[-1] if parts else _LIBRARY
    host = parts[0] if len(parts) == 2 else OLLAMA
    return ModelName(
        host=_checked(_HOST, host).lower(),
        owner=_checked(_OWNER, owner),
        model=_checked(_PART, model),
        tag=_checked(_PART, tag if colon else _LATEST),
    )


def _without_site(host: str, path: str) -> str:
    """Return the name that the address of a page stands for."""
    if host not in {_SITE, OLLAMA}:
        return f"{host}/{path}"
    return path.removeprefix(f"{_LIBRARY}/")


def _checked(pattern: re.Pattern[str], part: str) -> str:
    """Return a part of a name, if it can be one."""
    if not pattern.fullmatch(part) or ".." in part:
        raise ValueError("The model's name has characters that no name has")
    return part
