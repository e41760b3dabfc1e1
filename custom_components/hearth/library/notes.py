"""What changes with a newer version of a model, for people to read."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN
from ..managed.figures import size
from .base import InstalledModel
from .store import Known

_CATEGORY = "selector"
_GROUP = f"component.{DOMAIN}.{_CATEGORY}.model_notes.options."


async def async_notes(
    hass: HomeAssistant, model: InstalledModel, known: Known | None
) -> str:
    """Return the notes of a model's newest version, in the home's language."""
    found = await async_get_translations(
        hass, hass.config.language, _CATEGORY, [DOMAIN]
    )
    words = {
        "difference": _difference(model, known),
        "installed": size(model.size or 0),
        "newest": size(known.size or 0) if known else "",
    }
    lines = []
    for name in _outline(_outcome(model, known)):
        text = found[f"{_GROUP}{name}"]
        for word, value in words.items():
            text = text.replace(f"{{{word}}}", value)
        lines.append(text)
    return "\n\n".join(lines)


def _outline(outcome: str) -> tuple[str, ...]:
    """Return the names of the texts that make up the notes."""
    if outcome == "newest":
        return (outcome,)
    return (outcome, "use") if outcome == "unknown" else (outcome, "download", "use")


def _difference(model: InstalledModel, known: Known | None) -> str:
    """Return by how much the two versions differ in size."""
    newest = known.size if known else None
    return size(abs((newest or 0) - (model.size or 0)))


def _outcome(model: InstalledModel, known: Known | None) -> str:
    """Return the name of the text that says how the size changes."""
    if known is None or known.size is None or model.size is None:
        return "unknown"
    if known.digest == model.digest:
        return "newest"
    # What is too little to be told apart when it is written out.
    if size(known.size) == size(model.size):
        return "same"
    return "larger" if known.size > model.size else "smaller"
