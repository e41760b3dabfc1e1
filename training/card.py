"""Write what ``training.measure --json`` measured into the model's card.

The figures stand between two marks; nothing else in the card is touched:

    training/measure MODEL --turns 2000 --unasked 10000 --json >measured.txt
    .cache/venv/bin/python -m training.card measured.txt --trained "3 hours, 2 cores"
"""

import argparse
from collections.abc import Iterator, Mapping
import json
from pathlib import Path
from typing import Any

CARD = Path(__file__).parent.parent / "docs" / "nano-card.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
_KINDS = {
    "plain": "plain commands",
    "free": "free speech",
    "state": "questions about the home",
    "none": "nothing to be done",
    "all": "all",
}
# Phenomena with fewer turns say little.
_FEWEST = 20
_WORST = 12


class WrongCard(Exception):
    """A card without its marks, or a measurement that is none."""


def read(path: Path) -> dict[str, Any]:
    """Return what a measurement ended with."""
    lines = path.read_text(encoding="utf-8").strip().splitlines()
    try:
        found = json.loads(lines[-1])
        if "all" in found["asked"] and "all" in found["right"]:
            return dict(found)
    except (IndexError, KeyError, TypeError, ValueError) as err:
        raise WrongCard(f"{path} does not end with a measurement") from err
    raise WrongCard(f"{path} is a measurement of nothing")


def figures(found: Mapping[str, Any], notes: Mapping[str, str]) -> Iterator[str]:
    """Yield the figures as lines of Markdown."""
    yield f"Measured: `{found['model']}`, {found['megabytes']} MB, with:"
    yield ""
    yield "```sh"
    yield _command(found)
    yield "```"
    yield ""
    for title, note in notes.items():
        yield f"- {title}: {note}"
    if notes:
        yield ""
    yield "| held-out turns | asked | right | share | to the letter |"
    yield "|---|---|---|---|---|"
    for kind, title in _KINDS.items():
        yield _row(title, found, kind)
    yield ""
    reference = found["reference"]
    yield (
        f"Utterances of the reference home: {reference['right']} of "
        f"{reference['asked']}."
    )
    yield ""
    if spoken := found.get("spoken"):
        yield "| written by others for the reference homes | asked | right | share |"
        yield "|---|---|---|---|"
        for kind, count in spoken.items():
            share = _share(count["right"], count["asked"])
            yield f"| {_KINDS[kind]} | {count['asked']} | {count['right']} | {share} |"
        yield ""
    if unasked := found.get("unasked"):
        yield (
            f"Locks, covers and valves moved unasked: {unasked['moved']} times in "
            f"{unasked['said']:,} utterances that did not ask for it; Hearth asked "
            f"back instead {unasked['held']} times."
        )
        yield ""
    yield from _worst(found)


def _command(found: Mapping[str, Any]) -> str:
    """Return the command that gives the figures again."""
    unasked = found.get("unasked")
    more = f" --unasked {unasked['said']}" if unasked else ""
    return f"training/measure {found['model']} --turns {found['talks']}{more} --json"


def _row(title: str, found: Mapping[str, Any], name: str) -> str:
    asked = found["asked"].get(name, 0)
    right, exact = (found[key].get(name, 0) for key in ("right", "exact"))
    return f"| {title} | {asked} | {right} | {_share(right, asked)} | {_share(exact, asked)} |"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "not measured"


def _worst(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what it is worst at, of what was asked often enough."""
    asked, right = found["asked"], found["right"]
    often = [name for name in asked if "/" in name and asked[name] >= _FEWEST]
    worst = sorted(often, key=lambda name: (right.get(name, 0) / asked[name], name))
    if not worst:
        return
    yield f"What it is worst at, of what came {_FEWEST} times or more:"
    yield ""
    yield "| kind | phenomenon | asked | right |"
    yield "|---|---|---|---|"
    for name in worst[:_WORST]:
        kind, _, phenomenon = name.partition("/")
        share = _share(right.get(name, 0), asked[name])
        yield f"| {kind} | {phenomenon.replace('_', ' ')} | {asked[name]} | {share} |"
    yield ""


def filled(card: str, lines: Iterator[str]) -> str:
    """Return the card with other figures."""
    if card.count(BEGIN) != 1 or card.count(END) != 1:
        raise WrongCard(f"The card must have {BEGIN} and {END} once each")
    before, _, rest = card.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise WrongCard(f"{END} must come after {BEGIN}")
    return f"{before}{BEGIN}\n{'\n'.join(lines).rstrip()}\n{END}{after}"


def main() -> None:
    """Fill the card from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("measured", type=Path, help="what training/measure printed")
    parser.add_argument("--commit", help="the commit that the model was trained from")
    parser.add_argument("--trained", help="where and how long it was trained")
    parser.add_argument("--card", type=Path, default=CARD)
    args = parser.parse_args()
    notes = {"trained": args.trained, "from commit": args.commit}
    lines = figures(read(args.measured), {k: v for k, v in notes.items() if v})
    args.card.write_text(filled(args.card.read_text(encoding="utf-8"), lines))


if __name__ == "__main__":
    main()
