"""Terms of art, explained where they are met: a word that can be touched opens a card, by pointing, a tap or a key.

What they mean stands in `ui/lessons/<language>/terms.md`: a section each, called as the term is written in the lessons, other forms
of it after commas; a sentence; a line `formula:` in TeX where one helps; a line `page:`, the address of the page that shows it live.
"""

import html
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from latex2mathml.converter import convert

from ui import text
from ui.text import shown

UNTOUCHED = re.compile(
    r"(\$[^$]*\$|`[^`]*`|\[\[\w+\]\]|\{\w*\}|\[[^\]]*\]\([^)]*\)|<[^>]*>)"
)  # formulas, code, places of values, links, tags
FIELD = re.compile(r"^(formula|page):[ \t]*(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the field."""

    forms: tuple[str, ...]  # as it is written, the first as it is called
    meaning: str  # one sentence
    formula: str = ""  # TeX
    page: str = ""  # that shows it live, such as `50_one_head`
    asked: tuple[tuple[str, str], ...] = ()  # of that page, in its address

    @property
    def word(self) -> str:
        """What it is called."""
        return self.forms[0]

    @property
    def mathml(self) -> str:
        """The formula as a browser draws it."""
        return mathml(self.formula)


def marked(prose: str) -> str:
    """Markdown or HTML in which each term can be touched where it stands first."""
    return mark(prose, text.language())


def filled(template: str, **values: object) -> str:
    """HTML as of `ui.text.filled`, in which each term of the template can be touched; what the values hold is left alone."""
    return marked(html.escape(template)).format(**{name: shown(value) for name, value in values.items()})


@lru_cache(maxsize=2048)
def mark(prose: str, language: str) -> str:
    """The same as `marked` in one language."""
    known = meanings(language)
    met: set[Term] = set()

    def touched(match: re.Match[str]) -> str:
        term = known[html.unescape(match[0]).lower()]
        if term in met:
            return match[0]
        met.add(term)
        return f'<span class="atlas-term" role="button" tabindex="0" aria-expanded="false">{match[0]}</span>'

    parts = enumerate(UNTOUCHED.split(prose))
    return "".join(part if place % 2 else pattern(language).sub(touched, part) for place, part in parts)


@lru_cache
def pattern(language: str) -> re.Pattern[str]:
    """What finds a term, the longest first."""
    forms = sorted(meanings(language), key=len, reverse=True)
    any_of = "|".join(re.escape(form).replace("&", "&(?:amp;)?") for form in forms) or "(?!)"
    return re.compile(rf"(?<![\w-])({any_of})(?![\w-])", re.IGNORECASE)


@lru_cache
def meanings(language: str) -> dict[str, Term]:
    """The term of each form, the forms in small letters."""
    return {form.lower(): term for term in glossary(language) for form in term.forms}


@lru_cache
def glossary(language: str) -> tuple[Term, ...]:
    """All terms, in the order of their file."""
    sections = text.prose("terms", language).sections
    return tuple(read(forms, section) for forms, section in sections.items())


def read(forms: str, section: str) -> Term:
    """A term out of its section."""
    fields = dict(FIELD.findall(section))
    page, _, query = fields.get("page", "").strip().partition("?")
    return Term(
        forms=tuple(form.strip() for form in forms.split(",")), meaning=" ".join(FIELD.sub("", section).split()),
        formula=fields.get("formula", "").strip(), page=page, asked=tuple(parse_qsl(query)),
    )  # fmt: skip


@lru_cache(maxsize=512)
def mathml(tex: str) -> str:
    """A formula in the language of formulas that browsers know; "" of none."""
    return convert(tex) if tex else ""
