"""What people type or paste to name a model, and which names are safe."""

from dataclasses import dataclass
import re
from urllib.parse import unquote

MAIN = "main"

_LONGEST_TEXT = 600
_LONGEST_PATH = 400
_MOST_FOLDERS = 8

_HOSTS = frozenset({"hf.co", "huggingface.co", "www.huggingface.co"})
_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://")
_OWNER_OR_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?")
_REVISION = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_./+-]{0,98}[A-Za-z0-9_])?")
_QUANTIZATION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}")
# A name begins with no dot and no dash, and so is neither hidden nor an option.
# 160 leave room for what is appended while it is downloaded; a folder takes 255.
_PART = re.compile(r"[A-Za-z0-9_(\[][A-Za-z0-9_.+=@,()\[\] -]{0,159}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Where a model is: a file of a repository, or the quantization wanted."""

    repository: str
    file: str | None = None
    revision: str | None = None
    quantization: str | None = None


def check_repository(repository: str) -> str:
    """Return a repository's name; raises ValueError unless it is owner/name."""
    parts = repository.split("/")
    if len(parts) != 2 or not all(
        _OWNER_OR_NAME.fullmatch(part) and ".." not in part and "--" not in part
        for part in parts
    ):
        raise ValueError("A repository is written as owner/name")
    if parts[1].endswith((".git", ".ipynb")):
        raise ValueError("No repository has such a name")
    return repository


def check_revision(revision: str) -> str:
    """Return a branch, tag or commit; raises ValueError where it cannot be one."""
    if not _REVISION.fullmatch(revision) or ".." in revision or "//" in revision:
        raise ValueError("No revision has such a name")
    return revision


def check_file(name: str) -> str:
    """Return the path of a GGUF file in a repository; raises ValueError.

    Such a path is used as a path on this machine too.
    """
    parts = name.split("/")
    if len(name) > _LONGEST_PATH or len(parts) > _MOST_FOLDERS:
        raise ValueError("The file's name is too long")
    if not all(
        _PART.fullmatch(part) and ".." not in part and part[-1] not in ". "
        for part in parts
    ):
        raise ValueError("The file's name has characters that are not safe")
    if not name.lower().endswith(".gguf"):
        raise ValueError("A model's file ends with .gguf")
    return name


def parse_reference(text: str) -> Reference:
    """Read a repository, with a quantization or a file, or a web address of one.

    Raises ValueError where the text is none of these.
    """
    text = text.strip()
    if len(text) > _LONGEST_TEXT or not text.isprintable():
        raise ValueError("That is no name of a model")
    has_scheme = _SCHEME.match(text)
    host, _, path = text.split("://", 1)[-1].partition("/")
    if host.lower() in _HOSTS:
        if has_scheme and has_scheme[0].lower() not in {"https://", "http://"}:
            raise ValueError("An address of Hugging Face begins with https")
        return _from_path(path, is_page=True)
    if has_scheme:
        raise ValueError("That is no address of Hugging Face")
    return _from_path(text, is_page=False)


def _from_path(path: str, *, is_page: bool) -> Reference:
    """Read what follows the host, or what was typed without one."""
    path, _, _ = path.partition("#")
    path, _, _ = path.partition("?")
    path, colon, quantization = path.partition(":")
    if colon and not _QUANTIZATION.fullmatch(quantization):
        raise ValueError("After the colon stands a quantization such as Q4_K_M")
    parts = [unquote(part, errors="strict") for part in path.rstrip("/").split("/")]
    repository = check_repository("/".join(parts[:2]))
    wanted = quantization if quantization.lower() != "latest" else ""
    if not parts[2:]:
        return Reference(repository=repository, quantization=wanted or None)
    if colon:
        raise ValueError("Either a file or a quantization, not both")
    match parts[2:]:
        case ["blob" | "resolve" | "raw", revision, _, *_]:
            file = check_file("/".join(parts[4:]))
            return Reference(
                repository=repository, file=file, revision=check_revision(revision)
            )
        case ["tree", revision]:
            return Reference(repository=repository, revision=check_revision(revision))
        case _ if is_page:
            raise ValueError("That is the address of something else")
        case rest:
            return Reference(repository=repository, file=check_file("/".join(rest)))
