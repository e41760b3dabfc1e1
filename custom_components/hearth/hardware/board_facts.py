"""What is known of a machine, flat and by name, for texts and diagnostics."""

from dataclasses import fields

from .accelerators import AcceleratorKind
from .board import Board
from .board_health import Health
from .throttling import Throttling

type Fact = str | int | float | bool


def board_facts(board: Board) -> dict[str, Fact]:
    """Return what is known of a board; what is unknown is left out.

    Sizes are in bytes; several names of one thing are joined with commas.
    """
    storage, swap, revision = board.storage, board.swap, board.revision
    features = board.cpu.features or ()
    named = {kind: _names(board, kind) for kind in AcceleratorKind}
    return _known(
        {
            "model": board.model,
            "is_pi5": board.is_pi5,
            "soc": board.soc,
            "revision": f"{revision.code:x}" if revision else None,
            "board_revision": revision.board if revision else None,
            "machine": board.machine,
            "cpu": ", ".join(board.cpu.names) or None,
            "processors": board.cpu.processors,
            "cores": board.cpu.cores,
            "cpu_features": ", ".join(sorted(features)) or None,
            "memory_installed": board.installed_memory,
            "memory_total": board.memory.total,
            "memory_available": board.memory.available,
            "page_size": board.page_size,
            "storage": storage.kind,
            "storage_name": storage.name,
            "storage_filesystem": storage.filesystem,
            "storage_read_only": storage.read_only,
            "storage_usb_speed": storage.usb_speed,
            "storage_total": storage.space.total if storage.space else None,
            "storage_free": storage.space.free if storage.space else None,
            "gpu": named[AcceleratorKind.GPU],
            "hailo": named[AcceleratorKind.HAILO],
            "swap_total": swap.total if swap else None,
            "swap_used": swap.used if swap else None,
            "swap_compressed": swap.compressed if swap else None,
            "container": board.container,
        }
    )


def health_facts(health: Health) -> dict[str, Fact]:
    """Return what is known of a machine's health; what is unknown is left out.

    Temperatures are in °C, clocks in Hz. What happened since the machine started
    has names that end with ``_since_boot``.
    """
    facts: dict[str, Fact | None] = {
        "temperature": health.temperature,
        "frequency": health.clock.now,
        "frequency_most": health.clock.most,
    }
    for field in fields(Throttling):
        facts[field.name] = getattr(health.now, field.name)
        facts[f"{field.name}_since_boot"] = getattr(health.since_boot, field.name)
    return _known(facts)


def _known(facts: dict[str, Fact | None]) -> dict[str, Fact]:
    """Return those facts that are known."""
    return {name: fact for name, fact in facts.items() if fact is not None}


def _names(board: Board, kind: AcceleratorKind) -> str | None:
    """Return the names of a board's accelerators of a kind."""
    found = [unit for unit in board.accelerators if unit.kind is kind]
    return ", ".join(unit.name or unit.driver or "?" for unit in found) or None
