"""Folder names from what people type: letters of any language, digits, - and _."""

import itertools
import re
import unicodedata
from pathlib import Path

LONGEST = 60  # letters; at four bytes each that is below the 255 bytes of every file system
UNNAMED = "model"
RESERVED = re.compile(  # no folder of Windows can have such a name, and one holds the pairs of the class
    r"con|prn|aux|nul|com\d|lpt\d|corpora", re.IGNORECASE
)


def safe(text: str) -> str:
    """A folder name that looks like `text`: everything else becomes a dash. Never empty, never a path, never hidden."""
    letters: list[str] = []
    for letter in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(letter)
        mark = kind[0] == "M" and bool(letters) and letters[-1].isalnum() and not "\ufe00" <= letter <= "\ufe0f"
        letters.append(letter if kind[0] in "LN" or mark or letter in "-_" else "-")
    name = re.sub("-{2,}", "-", "".join(letters)).strip("-_")[:LONGEST].rstrip("-_")
    return f"{name}-1" if RESERVED.fullmatch(name) else name or UNNAMED


def claim(shelf: Path, name: str, taken: Path) -> Path:
    """Make a new folder on the shelf, named `name` or, if that is taken there, in the folder `taken` or a room of it, `name-2` and so on.

    Whoever makes the folder has the name: two who ask at once get two. Raises `OSError`.
    """
    for number in itertools.count(1):
        folder = shelf / (name if number == 1 else f"{name}-{number}")
        if not any((each / folder.name).exists() for each in (taken, taken / "relatives", taken / "systems")):
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            return folder
    raise AssertionError("there is always another number")
