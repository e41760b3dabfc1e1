"""Home Assistant's public English test sentences, as they are and with a synonym.

They are in a repository of their own and are only measured here, never learned:

    git clone https://github.com/OHF-Voice/intents
    scripts/bench sentences --intents intents

Each sentence of an intent that the tiny model covers is said in the home that the
tests are about, to Hearth and to Home Assistant's built-in agent, and what happens is
compared with what the intent does there; once as it is written, and once with one
word replaced by another that means the same.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
import json
from pathlib import Path
import sys

import yaml

from demo.command import run
from demo.components import ROOT
from demo.errors import DemoError
from demo.stage import Progress

from .accuracy import add_contender_options, contenders
from .accuracy_report import as_json, listing, table
from .asking import Row, Scene, play
from .public_sentences import SentenceFile, fixtures, folder_of, sentence_files
from .sentence_homes import ACTING, ASKING, SentenceHome
from .synonyms import replaced
from .utterances import Utterance

WORK = ROOT / ".cache" / "bench" / "sentences"


def _options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench sentences",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--intents", type=Path, required=True, metavar="FOLDER")
    parser.add_argument(
        "--each", type=int, metavar="N", help="at most N sentences of each test"
    )
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    add_contender_options(parser)
    options = parser.parse_args()
    options.contenders = contenders(options, parser)
    return options


def homes(folder: Path) -> Iterator[tuple[SentenceHome, list[SentenceFile]]]:
    """Yield homes with the files that are about them.

    What acts is said in one home, that of the fixtures and of all that these files
    bring. A file of questions with devices of its own has a home of its own: answers
    depend on what else there is.
    """
    shared, about = SentenceHome(), []
    shared.add(fixtures(folder))
    for file in sentence_files(folder):
        if file.home["entities"] and any(t.intent in ASKING for t in file.tests):
            own = SentenceHome()
            own.add(file.home)
            yield own, [file]
            continue
        shared.add(file.home)
        about.append(file)
    yield shared, about


def scenes(
    folder: Path, each: int | None, work: Path = WORK
) -> tuple[list[Scene], list[Scene], int]:
    """Return homes with the sentences as they are, and with a synonym.

    The number is that of sentences about what is not in their home.
    """
    work.mkdir(parents=True, exist_ok=True)
    plain, other, left_out = [], [], 0
    for number, (home, files) in enumerate(homes(folder)):
        said: dict[str, Utterance] = {}
        for test in (test for file in files for test in file.tests):
            if test.intent not in ACTING and test.intent not in ASKING:
                continue
            for sentence in test.sentences[:each]:
                utterance = home.utterance(test, sentence)
                if utterance is None:
                    left_out += 1
                else:
                    said.setdefault(f"{sentence} {test.area}", utterance)
        if not said:
            continue
        path = work / f"home-{number}.yaml"
        path.write_text(yaml.safe_dump(home.as_file(), allow_unicode=True))
        utterances = tuple(said.values())
        plain.append(Scene(home=path, utterances=utterances))
        other.append(Scene(home=path, utterances=_varied(utterances, home.names())))
    return plain, other, left_out


def _varied(
    utterances: Sequence[Utterance], names: Sequence[str]
) -> tuple[Utterance, ...]:
    """Return the utterances that have a word to be replaced, with it replaced."""
    return tuple(
        replace(utterance, say=text)
        for utterance in utterances
        if (text := replaced(utterance.say, names)) is not None
    )


async def _main(options: argparse.Namespace) -> None:
    """Run the benchmark."""
    plain, other, left_out = scenes(folder_of(options.intents), options.each)
    if not plain:
        raise DemoError("There is no sentence of an intent that is measured")
    both = [
        Scene(home=one.home, utterances=one.utterances + two.utterances)
        for one, two in zip(plain, other, strict=True)
    ]
    results = await play(both, options.contenders, Progress("bench"))
    written, varied = _parted(results, plain, other)
    for name, rows in results.items():
        print(listing(name, rows, whole=False))
    print(f"\nAs they are written ({left_out} left out: about what no home here has)")
    print(table(written))
    print("\nWith one word replaced by a synonym")
    print(table(varied))
    if options.json:
        print(json.dumps({"written": as_json(written), "synonym": as_json(varied)}))


def _parted(
    results: dict[str, list[Row]], plain: Sequence[Scene], other: Sequence[Scene]
) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    """Part the rows, which come home by home, into the two sets."""
    written: dict[str, list[Row]] = {name: [] for name in results}
    varied: dict[str, list[Row]] = {name: [] for name in results}
    for name, rows in results.items():
        rest = iter(rows)
        for one, two in zip(plain, other, strict=True):
            written[name] += [next(rest) for _ in one.utterances]
            varied[name] += [next(rest) for _ in two.utterances]
    return written, varied


if __name__ == "__main__":
    sys.exit(run("bench", _main(_options())))
