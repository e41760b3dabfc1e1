"""Every model that could be the voice of the home, at every place it could run."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from yarl import URL

from ..engines.base import EngineKind, ModelInfo
from ..engines.discovery import Found
from ..hardware.fit import ModelShape
from ..hardware.speed import Work
from ..models.catalog import CatalogFile, CatalogModel
from .base import NANO, Place, PlaceKind, Situation
from .known import known_model, parameters_of, shape_of, similar_shape, talks
from .quality import expected, quality

# What is meant where nobody says, and what Ollama's library has under a plain tag.
USUAL = "Q4_K_M"
# Engines that list models which are not in memory until one is asked for.
_ON_DEMAND = frozenset({EngineKind.LM_STUDIO, EngineKind.LOCALAI, EngineKind.OLLAMA})
# The model that comes with Hearth, as its file's header says.
_NANO_NAME = "Hearth Nano"
_NANO_QUANTIZATION = "Q8_0"
_NANO_SHAPE = ModelShape(
    weights=9_214_800,
    layers=6,
    kv_heads=4,
    key_length=64,
    value_length=64,
    embedding_length=256,
    feed_forward_length=704,
    vocabulary=15_013,
    heads=4,
    context_length=4096,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A model at a place, before anything is reckoned.

    Args:
        place: Where it would run.
        model: What the engine calls it, or will.
        name: What people call it.
        known: What the catalogue knows of it.
        file: The file to be run, for the managed engine.
        quantization: Such as ``Q4_K_M``; None where unknown.
        shape: What decides its memory; None where even its size is unknown.
        work: What decides its speed; None where that is unknown.
        expected: The percent of tasks in a home that it probably does right.
        download: Bytes to be downloaded.
        context_length: Tokens it was trained for, where the engine said so; else 0.
        in_memory: Whether it is in memory already, and needs no more.
        tools: Whether it calls tools; None where unknown.
        cloud: Whether what is said to it leaves the house.
    """

    place: Place
    model: str
    name: str
    known: CatalogModel | None = None
    file: CatalogFile | None = None
    quantization: str | None = None
    shape: ModelShape | None = None
    work: Work | None = None
    expected: float = 0.0
    download: int = 0
    context_length: int = 0
    in_memory: bool = False
    tools: bool | None = None
    cloud: bool = False

    @property
    def is_nano(self) -> bool:
        """Return whether it is the model that comes with Hearth."""
        return self.place.kind is PlaceKind.MANAGED and self.model == NANO


def installed(situation: Situation) -> Iterator[Candidate]:
    """Yield the models that engines which answer have, other than those that are mute."""
    for found in situation.found:
        place = place_of(situation, found)
        for info in found.models or ():
            if talks(info):
                yield _installed(situation, place, info)


def to_pull(situation: Situation, place: Place) -> Iterator[Candidate]:
    """Yield the models of Ollama's library for an Ollama that is, or will be, there."""
    for model in situation.catalog:
        file = model.file(USUAL)
        # Where a model sees, its tag holds more than the catalogue's file does, and
        # the catalogue does not say how much.
        if model.ollama_tag is None or model.vision or file is None:
            continue
        yield _of_catalog(situation, place, model, file, model.ollama_tag)


def to_manage(situation: Situation, model: CatalogModel) -> Iterator[Candidate]:
    """Yield the files of a model for the managed engine, the smallest first."""
    for file in model.files:
        yield _of_catalog(situation, managed_place(), model, file, file.name)


def nano() -> Candidate:
    """Return the model that comes with Hearth."""
    return Candidate(
        place=managed_place(),
        model=NANO,
        name=_NANO_NAME,
        quantization=_NANO_QUANTIZATION,
        shape=_NANO_SHAPE,
        tools=True,
    )


def managed_place() -> Place:
    """Return the place of the engine that Hearth runs."""
    return Place(kind=PlaceKind.MANAGED)


def app_place() -> Place:
    """Return the place of an Ollama that Home Assistant would install."""
    return Place(kind=PlaceKind.OLLAMA_APP, engine=EngineKind.OLLAMA)


def place_of(situation: Situation, found: Found) -> Place:
    """Return the place of an engine that answers."""
    return Place(
        kind=PlaceKind.FOUND,
        here=_is_here(situation, found.url),
        engine=found.kind,
        url=found.url,
    )


def _is_here(situation: Situation, url: str) -> bool:
    """Return whether an address leads to the machine with Home Assistant."""
    host = URL(url).host or ""
    if host == "localhost" or host in situation.own_hosts:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _installed(situation: Situation, place: Place, info: ModelInfo) -> Candidate:
    """Return a model that an engine has."""
    catalog = situation.catalog
    known = known_model(catalog, info)
    quantization = info.quantization
    parameters = known.parameters if known else parameters_of(info)
    active = known.active_parameters if known else round(parameters)
    weights, shape = _weights(place, info, known), None
    if weights:
        shape = (
            shape_of(known, weights)
            if known
            else similar_shape(catalog, parameters, weights)
        )
    tools = info.tools
    if tools is None and known:
        tools = known.tools
    return Candidate(
        place=place,
        model=info.name,
        name=known.name if known else info.name,
        known=known,
        quantization=quantization,
        shape=shape,
        work=Work(
            weights=weights,
            parameters=round(parameters),
            active_parameters=active,
            quantization=quantization,
        )
        if weights
        else None,
        expected=quality(catalog, known) if known else expected(catalog, parameters),
        context_length=info.context_window or 0,
        in_memory=place.engine not in _ON_DEMAND,
        tools=tools,
        cloud=info.remote,
    )


def _weights(place: Place, info: ModelInfo, known: CatalogModel | None) -> int | None:
    """Return the bytes of a model in this machine's memory, None where unknown."""
    if place.engine is EngineKind.HAILO_OLLAMA:
        # It has memory and a processor of its own.
        return None
    if info.size is None and known and info.quantization:
        file = known.file(info.quantization)
        return file.size if file else None
    return info.size


def _of_catalog(
    situation: Situation,
    place: Place,
    model: CatalogModel,
    file: CatalogFile,
    name: str,
) -> Candidate:
    """Return a model of the catalogue that would be fetched."""
    managed = place.kind is PlaceKind.MANAGED
    there = managed and file.name in situation.files
    return Candidate(
        place=place,
        model=name,
        name=model.name,
        known=model,
        file=file if managed else None,
        quantization=file.quantization,
        shape=shape_of(model, file.size),
        work=Work(
            weights=file.size,
            parameters=model.parameters,
            active_parameters=model.active_parameters,
            quantization=file.quantization,
        ),
        expected=quality(situation.catalog, model),
        download=0 if there else file.size,
        tools=model.tools,
    )
