"""What the file of a lesson says of it, for whoever only lists or searches lessons: its title, and what it is about."""

from functools import lru_cache
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
    found = (title_of(file, file.stat().st_mtime_ns) for file in sorted(folder.glob("*.yaml")))
    return [title for title in found if title]


@lru_cache(maxsize=256)
def title_of(file: Path, when: int) -> Title | None:  # noqa: ARG001, which tells old from new
    """One lesson as it was then; none if it cannot be read."""
    try:
        told = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None
    if not isinstance(told, dict) or not isinstance(told.get("title"), str):
        return None
    about = told.get("about")
    return Title(file.stem, told["title"], " ".join(about.split()) if isinstance(about, str) else "")
