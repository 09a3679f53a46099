"""What a worksheet is about: a page of the app, or a lesson; and which exercises that means."""

from collections.abc import Sequence
from dataclasses import dataclass

from pages.worksheets.kinds import ALWAYS, KINDS, NEAREST, PAGES
from ui import frame, text
from ui.guide import shelf
from ui.text import translate as _

LESSON = "lesson:"  # before the name of a lesson, in the address


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
    """The lessons that came with the app: title and pages, in their order, by name."""
    known = shelf.pages()
    return {
        name: (plan.title, list(dict.fromkeys(known[step.page] for step in plan.steps)))
        for name, plan in shelf.shipped().items()
    }


def in_order(kinds: Sequence[str], count: int) -> list[str]:
    """`count` kinds, the first ones of `kinds` and again from the first, in the order in which the machine works."""
    order = list(KINDS)  # that of the pages
    taken = [kinds[at % len(kinds)] for at in range(count)]
    return sorted(taken, key=order.index)
