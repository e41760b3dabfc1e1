"""Check that llama-server cuts text into the same tokens as in training."""

import argparse
from itertools import islice
from pathlib import Path

from . import data, tokenizer as vocabulary
from .server import serve

_ODD = (
    "Küche, Büro; Straße 12: 21.5 °C 🙂 床头灯 на кухне ½ ٣٤ 1234567 3.14159",
    "a\tb\r\nc  d   e\u00a0f\u200bg é e\u0301 ǅ İ ﬁ ™ 12345 99 100 1000 007",
    '{"action": "on", "name": "x"}}\n</tool_call> <tool_call ", "name": "" "}} }}',
    "",
    " ",
    "0123456789 ١٢٣ 1a2b3c4 -5.0 +6 7%8 9/10",
)


def compare(model: Path, folder: Path, count: int) -> int:
    """Return how many texts were compared; raises where one differs."""
    words = vocabulary.load(folder / "tokenizer.json")
    texts = [*_ODD, *islice(data.texts(folder / "data", 99), count)]
    with serve(model) as server:
        for text in texts:
            body = {"content": text, "add_special": True, "parse_special": True}
            theirs = server.post("/tokenize", body)["tokens"]
            ours = words.encode(text).ids
            if theirs != ours:
                raise SystemExit(
                    f"cut differently: {text!r}\nours   {ours}\ntheirs {theirs}"
                )
    return len(texts)


def main() -> None:
    """Compare from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--texts", type=int, default=2000)
    args = parser.parse_args()
    print(f"tokens: the same for {compare(args.model, args.folder, args.texts)} texts")


if __name__ == "__main__":
    main()
