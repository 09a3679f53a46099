"""The words themselves, letter by letter, or the best fitting first; and what the lesson tells of them."""

import html
from collections import Counter
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby
from urllib.parse import urlencode

import streamlit as st

from classroom.finding import Index, folded, words
from pages.glossary.asked import ALL, Asked, first
from ui import text
from ui.frame import Rooms, pages
from ui.search import places
from ui.show import prose, terms
from ui.show.terms import Term
from ui.text import translate as _

HEIGHT = 640  # pixels of the list
EXAMPLE = ("beem", "beam")  # a slip of the finger, for the lesson, until somebody searches


@lru_cache
def index(language: str) -> Index:
    """The words alone, to be searched."""
    return Index(places.of_words(language, pages()))


def find(asked: Asked) -> list[Term]:
    """The terms that fit what was typed, the best first, or those of a letter in its order; of all pages."""
    known = terms.glossary(text.language())
    if asked.words:
        named = {term.word: term for term in known}
        return [named[hit.entry.name] for hit in index(text.language()).find(asked.words).hits]
    ordered = sorted(known, key=lambda term: folded(term.word))
    return [term for term in ordered if asked.letter in (ALL, first(term))]


def on_page(asked: Asked, found: list[Term]) -> list[Term]:
    """Those that the chosen page shows."""
    return [term for term in found if asked.page in (ALL, term.page)]


def first_line(rooms: Rooms, asked: Asked, found: list[Term]) -> None:
    """How many there are."""
    shown = on_page(asked, found)
    if not asked.words:
        formulas, live = sum(bool(term.formula) for term in shown), len({term.page for term in shown if term.page})
        told = _("Words of the field: {count}. With a formula: {formulas}. Pages that show them live: {pages}.")
        return rooms.seen(told, count=len(shown), formulas=formulas, pages=live)
    short = asked.words if len(asked.words) <= 40 else f"{asked.words[:40]}…"
    if not shown:
        return rooms.seen(_("No word fits {words} here. Try fewer letters, or all pages."), words=short)
    told = (
        _("{count} words fit {words}; the best is {best}.") if len(shown) > 1 else _("One word fits {words}: {best}.")
    )
    return rooms.seen(told, count=len(shown), words=short, best=shown[0].word)


def show(asked: Asked, found: list[Term]) -> None:
    """The list, which scrolls by itself."""
    shown = on_page(asked, found)
    with st.container(height=HEIGHT if len(shown) > 4 else "content", key="gl_list", border=bool(shown)):
        if asked.words:
            st.markdown("\n\n".join(map(entry, shown)), unsafe_allow_html=True)
            return
        for letter, group in groupby(shown, first):
            head = f'<span class="atlas-letter" role="heading" aria-level="2">{html.escape(letter.upper())}</span>'
            st.markdown("\n\n".join((head, *map(entry, group))), unsafe_allow_html=True)


def entry(term: Term) -> str:
    """Markdown of a term: its name and other forms, what it means, its formula, the page that shows it."""
    lines = [f"**{html.escape(term.word)}**{also(term)}", term.meaning]
    if term.formula:
        lines.append(rf"$\displaystyle {term.formula}$")
    if term.page:
        where = f"{term.page.partition('_')[2]}?{urlencode(term.asked)}".rstrip("?")
        says = html.escape(_("Shown live: {name} →").format(name=text.lesson(term.page).name))
        lines.append(
            f'<a class="atlas-live" data-term="{html.escape(term.word)}" href="{html.escape(where)}" target="_self">{says}</a>'
        )
    return "<br>".join(lines)


def also(term: Term) -> str:
    """Its other forms, as far as they are more than a plural."""
    others = [form for form in term.forms[1:] if not form.startswith(term.word) or len(form) > len(term.word) + 2]
    plurals = {f"{form}s" for form in others}
    return f" <small>{html.escape(', '.join(form for form in others if form not in plurals))}</small>" if others else ""


def values(asked: Asked, found: list[Term]) -> dict[str, str]:
    """The lesson's numbers."""
    known = terms.glossary(text.language())
    pages_of = Counter(term.page for term in known if term.page)
    most, count = pages_of.most_common(1)[0]
    typed, best = EXAMPLE
    if found and (sought := words(asked.words)):
        typed, best = (
            sought[0][:30],
            min(words(found[0].word), key=lambda word: -SequenceMatcher(None, sought[0], word).ratio()),
        )
    pairs = SequenceMatcher(None, typed, best)
    alike = sum(block.size for block in pairs.get_matching_blocks())
    return {
        "count": str(len(known)), "forms": str(sum(len(term.forms) for term in known)),
        "formulas": str(sum(bool(term.formula) for term in known)), "pages": str(len(pages_of)),
        "most": text.lesson(most).name, "most_count": str(count), "known": str(len(index(text.language()).vocabulary)),
        "typed": typed, "best": best, "tex_typed": prose.tex(typed), "tex_best": prose.tex(best),
        "alike": str(alike), "letters": str(len(typed) + len(best)), "ratio": f"{pairs.ratio():.3f}",
    }  # fmt: skip
