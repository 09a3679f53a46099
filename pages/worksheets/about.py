"""What a worksheet is about: a page of the app, or a lesson; and which exercises that means."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from pages.worksheets.kinds import ALWAYS, KINDS, NEAREST, PAGES
from ui import frame, text
from ui.text import translate as _

LESSON = "lesson:"  # before the name of a lesson, in the address
PLANS = text.LESSONS / text.ENGLISH / "plans"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What exercises are made for."""

    code: str  # as it stands in the address
    name: str
    kinds: tuple[str, ...]  # of `KINDS`, the most fitting first
    instead: str = ""  # whose exercises these are, if the page has none of its own


def page(code: str) -> About:
    """That of a page."""
    name = text.lesson(code).name
    if code in PAGES:
        return About(code=code, name=name, kinds=named(code))
    other = NEAREST.get(code, ALWAYS)
    return About(code=code, name=name, kinds=named(other), instead=text.lesson(other).name)


def named(code: str) -> tuple[str, ...]:
    """The kinds of a page that has some."""
    return tuple(make.__name__ for make in PAGES[code])


def lesson(name: str, title: str, pages: Sequence[str]) -> About:
    """That of a lesson: first one exercise of each of its pages, then the others."""
    rows = [named(each) for each in pages if each in PAGES] or [named(ALWAYS)]
    turns = [row[at] for at in range(max(map(len, rows))) for row in rows if at < len(row)]
    return About(code=f"{LESSON}{name}", name=title, kinds=tuple(dict.fromkeys(turns)))


def choices() -> dict[str, str]:
    """What can be chosen, by code: all pages, then the lessons."""
    found = {name: text.lesson(name).name for name in frame.pages()}
    return found | {
        f"{LESSON}{name}": _("Lesson: {name}").format(name=title) for name, (title, _pages) in lessons().items()
    }


def of(code: str) -> About:
    """What a code of `choices` means."""
    if code.startswith(LESSON):
        name = code.removeprefix(LESSON)
        return lesson(name, *lessons()[name])
    return page(code)


def lessons() -> dict[str, tuple[str, Sequence[str]]]:
    """The lessons that there are: title and pages by name."""
    files = sorted(PLANS.glob("*.yaml"))
    return {
        file.stem: (title_of(file.stem) or file.stem, pages) for file in files if (pages := lesson_pages(file.stem))
    }


def lesson_pages(name: str) -> list[str] | None:
    """The pages that a shipped lesson walks through, in its order; `None` if there is no such lesson."""
    steps = plan(name).get("steps")
    known = {path_of(each): each for each in frame.pages()} | {each: each for each in frame.pages()}
    asked = [str(step.get("at", "")) for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
    found = [known[path] for at in asked if (path := at.partition("?")[0].strip("/").removesuffix(".py")) in known]
    return list(dict.fromkeys(found)) or None


def title_of(name: str) -> str:
    """The title of a shipped lesson; "" if it has none."""
    return str(plan(name).get("title") or plan(name).get("name") or "")


def plan(name: str) -> dict[str, Any]:
    """The file of a shipped lesson; empty if there is none."""
    file = PLANS / f"{name}.yaml"
    return read(file, file.stat().st_mtime_ns) if name.replace("_", "").isalnum() and file.is_file() else {}


@lru_cache(maxsize=64)
def read(file: Path, when: int) -> dict[str, Any]:  # noqa: ARG001, which tells old from new
    """What stands in a file."""
    found = yaml.safe_load(file.read_text("utf-8"))
    return found if isinstance(found, dict) else {}


def path_of(page: str) -> str:
    """A page as it stands in the address of the browser."""
    return page.partition("_")[2] if page[:1].isdigit() else page


def in_order(kinds: Sequence[str], count: int) -> list[str]:
    """`count` kinds, the first ones of `kinds` and again from the first, in the order in which the machine works."""
    order = list(KINDS)  # that of the pages
    taken = [kinds[at % len(kinds)] for at in range(count)]
    return sorted(taken, key=order.index)
