"""Every word of the interface: short strings from one gettext catalogue, prose from `ui/lessons/<language>/<page>.md`.

English is the catalogue's own language. A lesson begins with `# Name in the menu`, then one sentence that is the page's
title; then sections `## Look`, `## Story`, `## Numbers`, `## Formula`, `## Code`, as many as the page has.
"""

import gettext
import html
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent
LESSONS = HERE / "lessons"
ENGLISH = "en"  # the catalogue's own language, and what is shown where a translation is missing


@dataclass(frozen=True, slots=True)
class Lesson:
    """The prose of a page."""

    name: str  # in the menu
    title: str  # a sentence
    sections: dict[str, str]

    @property
    def look(self) -> str:
        """One line: what to look for in the picture."""
        return self.sections.get("Look", "")

    def of(self, view: str) -> "Lesson":
        """The same as one of several views of the page tells it: a section `Story of maps` in place of `Story`, if there is one."""
        own = {
            name.removesuffix(end): text for name, text in self.sections.items() if name.endswith(end := f" of {view}")
        }
        return replace(self, sections=self.sections | own)


def languages() -> tuple[str, ...]:
    """The languages there are: the folders of `ui/lessons/`, English first. A new one needs no change of code."""
    return _languages(LESSONS)


@lru_cache
def _languages(folder: Path) -> tuple[str, ...]:
    names = sorted(each.name for each in folder.iterdir() if each.is_dir())
    return tuple(sorted(names, key=lambda name: name != ENGLISH))


def language() -> str:
    """The language of this session: the one chosen, or that of the address."""
    if len(known := languages()) == 1:
        return ENGLISH
    asked = st.session_state.get("lang") or st.query_params.get("lang")
    return str(asked) if asked in known else ENGLISH


def translate(message: str) -> str:
    """The interface string in this session's language. The catalogue's key is the English string."""
    return _catalogue(language()).gettext(message)


@lru_cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """From `ui/locale/<language>/LC_MESSAGES/atlas.mo`; without it, every message is its own translation."""
    return gettext.translation("atlas", HERE / "locale", [language], fallback=True)


def has_lesson(page: str) -> bool:
    """Whether there is prose for `page`."""
    return (LESSONS / ENGLISH / f"{page}.md").is_file()


def lesson(page: str) -> Lesson:
    """The prose of `page`, such as `90_cross_attention`; in English if it is not translated yet."""
    return prose(page, language())


def prose(page: str, language: str) -> Lesson:
    """The same in one language, where there is a translation."""
    mine = LESSONS / language / f"{page}.md"
    file = mine if mine.is_file() else LESSONS / ENGLISH / f"{page}.md"
    return parse(file.read_text("utf-8"))


@lru_cache
def parse(markdown: str) -> Lesson:
    """A lesson out of its file."""
    head, *parts = re.split(r"^## +", markdown, flags=re.MULTILINE)
    name, _, title = head.strip().removeprefix("# ").partition("\n")
    sections = (part.partition("\n") for part in parts)
    return Lesson(name.strip(), " ".join(title.split()), {name.strip(): text.strip() for name, _, text in sections})


UNSEEN = "\u2060"  # a joiner without width, at which no line breaks


def plain(text: str) -> str:
    """Markdown that shows `text` as it is, for the labels of Streamlit, which are all Markdown.

    An address becomes no link: what the browser makes links of, it looks for after the backslashes are gone.
    """
    apart = re.sub(r"(https?:|www|[\w+-]@)(?=[/.\w])", f"\\1{UNSEEN}", text, flags=re.IGNORECASE)
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", apart)


class Chip(str):
    """A piece of a sentence: prose shows it as a chip of `colour`, so that a piece called `to` is no word of the sentence."""

    __slots__ = ("colour",)
    colour: str

    def __new__(cls, label: str, colour: str) -> "Chip":
        """The label of the piece, as `figures.labels` makes it, and the colour that it has in the strip."""
        made = super().__new__(cls, label)
        made.colour = colour
        return made

    def __reduce__(self) -> tuple[type["Chip"], tuple[str, str]]:
        """What makes it again: caches pickle what they keep."""
        return Chip, (str(self), self.colour)

    @property
    def html(self) -> str:
        """The chip; a label of markup is shown as it is, in Markdown too."""
        safe = "".join(letter if letter.isalnum() else f"&#{ord(letter)};" for letter in self)
        return f'<span class="atlas-piece" style="--chip: {self.colour}">{safe}</span>'


def shown(value: object) -> str:
    """HTML of a value in a sentence: a piece is a chip, anything else is bold."""
    return value.html if isinstance(value, Chip) else f"<b>{html.escape(str(value))}</b>"


def filled(template: str, **values: object) -> str:
    """HTML of a sentence whose `{names}` are replaced by chips and bold text; markup in the values is shown, not obeyed."""
    return html.escape(template).format(**{name: shown(value) for name, value in values.items()})
