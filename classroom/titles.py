"""What the file of a lesson says of it, for whoever only lists or searches lessons: its title, and what it is about."""

from pathlib import Path
from typing import NamedTuple

import yaml


class Title(NamedTuple):
    """A lesson, by the name of its file."""

    name: str
    title: str
    about: str


def titles(folder: Path) -> list[Title]:
    """The lessons in a folder, by name; one that cannot be read is left out, and there may be none at all."""
    found = []
    for file in sorted(folder.glob("*.yaml")):
        try:
            told = yaml.safe_load(file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError):
            continue
        if isinstance(told, dict) and isinstance(told.get("title"), str):
            about = told.get("about")
            found.append(Title(file.stem, told["title"], " ".join(about.split()) if isinstance(about, str) else ""))
    return found
