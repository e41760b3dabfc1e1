#!/usr/bin/env python3
"""List a release's wheels with their checksums, for Hearth's installer and for people.

    scripts/lib/wheel_list.py FOLDER PLATFORM...

FOLDER holds one wheel of llama-cpp-python for each PLATFORM tag and nothing else.
Writes ``wheels.json`` and ``SHA256SUMS`` beside them.
"""

import hashlib
import json
from pathlib import Path
import re
import sys

WHEEL = re.compile(
    r"llama_cpp_python-(?P<version>[\w.+]+)"
    r"-(?P<python>[\w.]+)-(?P<abi>[\w.]+)-(?P<platform>[\w.]+)\.whl",
    re.ASCII,
)


def describe(path: Path) -> dict[str, str | int]:
    """Return a wheel's entry; raises ``ValueError`` where it is no such wheel."""
    parts = WHEEL.fullmatch(path.name)
    if parts is None:
        raise ValueError(f"{path.name} is no wheel of llama-cpp-python")
    with path.open("rb") as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": path.name,
        "size": path.stat().st_size,
        "sha256": checksum,
        "python": parts["python"],
        "platform": parts["platform"],
        "version": parts["version"],
    }


def main(folder: str, *platforms: str) -> None:
    """Write both lists; raises ``ValueError`` unless all wheels are there."""
    wheels = [describe(path) for path in sorted(Path(folder).iterdir())]
    # A wheel may name older systems, too: musllinux_1_1_x86_64.musllinux_1_2_x86_64.
    found = [set(str(wheel["platform"]).split(".")) for wheel in wheels]
    missing = [name for name in platforms if not any(name in tags for tags in found)]
    if missing or len(found) != len(platforms):
        raise ValueError(f"There are {len(found)} wheels, and none for {missing}")
    if len({wheel["version"] for wheel in wheels}) != 1:
        raise ValueError("The wheels are not of one version")
    Path(folder, "wheels.json").write_text(json.dumps({"wheels": wheels}, indent=2))
    Path(folder, "SHA256SUMS").write_text(
        "".join(f"{wheel['sha256']}  {wheel['name']}\n" for wheel in wheels)
    )


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except ValueError as err:
        sys.exit(str(err))
