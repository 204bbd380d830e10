"""What an organisation takes with it, and how the files of its archive are called."""

import re

ARCHIVE = "organisation.zip"
README = "readme.txt"
MATERIALS = "materials_files"
EARLIER = "materials_earlier"
EVIDENCE = "evidence"

LONGEST_NAME = 80

_NOT_A_NAME = re.compile(r"[^\w.() -]+")


def file_name(name: str, ending: str) -> str:
    """The name under which somebody gave a file, with nothing in it that leads elsewhere."""
    # security: whoever unpacks the archive writes nowhere but below its folder
    last = name.replace("\\", "/").rpartition("/")[2]
    stem = last.removesuffix(f".{ending}")
    plain = _NOT_A_NAME.sub("_", stem).strip(". ")[:LONGEST_NAME]
    return f"{plain or 'file'}.{ending}"


def told_apart(name: str, taken: set[str]) -> str:
    """A name that is not taken yet: `poster.pdf`, `poster-2.pdf`."""
    stem, dot, ending = name.rpartition(".")
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{stem}-{number}{dot}{ending}"
    taken.add(free)
    return free
