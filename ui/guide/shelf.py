"""The lessons that came with the app, and any other that a link or a file brings; checked against the pages there are."""

from functools import lru_cache
from pathlib import Path

from classroom import packed
from classroom.lessons import Plan, read
from ui import ROOT, text
from ui.text import ENGLISH, language


def shipped() -> dict[str, Plan]:
    """The lessons in `ui/lessons/<language>/plans/` by their names, in the order of a course; in English where there is no translation."""
    return dict(_shipped(text.LESSONS, language()))


@lru_cache(maxsize=8)
def _shipped(folder: Path, language: str) -> dict[str, Plan]:
    english = sorted((folder / ENGLISH / "plans").glob("*.yaml"))
    found = {}
    for file in english:
        own = folder / language / "plans" / file.name
        told = (own if own.is_file() else file).read_text("utf-8")
        found[file.stem.partition("_")[2]] = read(told, pages())
    return found


def opened(name: str) -> Plan | None:
    """The lesson that an address names: a shipped one, or one that is packed into it. `PlanError` if that is damaged; `None` if there is none."""
    if packed.is_packed(name):
        return unpacked(name)
    return shipped().get(name)


@lru_cache(maxsize=64)
def unpacked(name: str) -> Plan:
    """A lesson out of a link."""
    return packed.unpack(name, pages())


def pages() -> dict[str, str]:
    """The pages there are, as addresses have them, with the names of their files; "" is Home."""
    return _pages((ROOT / "pages").stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _pages(when: int) -> dict[str, str]:  # noqa: ARG001, which tells old from new
    found = sorted(file.stem for file in (ROOT / "pages").glob("[0-9]*.py"))
    return {"": "home"} | {name.partition("_")[2]: name for name in found}


def called(page: str) -> str:
    """The name of a page on the screen."""
    name = pages().get(page, "")
    return text.lesson(name).name if name and text.has_lesson(name) else page
