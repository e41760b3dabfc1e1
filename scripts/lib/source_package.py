#!/usr/bin/env python3
"""Keep the source package of llama-cpp-python, which is only on PyPI.

    scripts/lib/source_package.py CACHE

Tokenizers are taken from it, and the worker's engine is compiled from it. It is
77 MB and is downloaded once into CACHE. Prints where it is.
"""

import hashlib
from pathlib import Path
import sys
import tempfile
from urllib.request import urlopen

VERSION = "0.3.36"
PACKAGE = f"llama_cpp_python-{VERSION}.tar.gz"
SHA256 = "832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e"
ADDRESS = (
    "https://files.pythonhosted.org/packages/ec/e9/"
    "e7de2b0463ea3ffbf0ede6cb21b58c1258a8f6521aae45ca773a59fe7cf3/"
    f"{PACKAGE}"
)
SECONDS_OF_SILENCE = 60


def download(target: Path) -> None:
    """Fetch the package and refuse it unless the checksum is the known one."""
    digest = hashlib.sha256()
    with urlopen(ADDRESS, timeout=SECONDS_OF_SILENCE) as answer, target.open("wb") as f:
        while block := answer.read(1 << 20):
            digest.update(block)
            f.write(block)
    if digest.hexdigest() != SHA256:
        raise SystemExit(f"{ADDRESS} arrived damaged")


def kept_package(cache: Path) -> Path:
    """Return the package in the cache; it gets there whole or not at all."""
    package = cache / PACKAGE
    if package.is_file():
        return package
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        try:
            download(Path(scratch, PACKAGE))
        except OSError as err:
            raise SystemExit(f"{ADDRESS}: {err}") from err
        Path(scratch, PACKAGE).rename(package)
    return package


if __name__ == "__main__":
    print(kept_package(Path(sys.argv[1])))
