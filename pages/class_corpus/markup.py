"""Tables of sentences as HTML: words with their pieces, right and wrong with signs. Whatever a person wrote is shown, never obeyed."""

import html
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from pages.class_corpus.words import Word, cut
from transformer.analysis.before_after import Row
from transformer.corpora import Corpus, words
from transformer.text import clean
from transformer.tokenizer import Tokenizer
from ui.text import translate as _

MOST_ROWS = 100
STYLE = Path(__file__).with_name("class_corpus.css").read_text("utf-8")
BAR = '<i class="cut" aria-hidden="true">|</i>'


def style() -> None:
    """How tables look; once on the page."""
    st.html(f"<style>{STYLE}</style>")


def show(table: str) -> None:
    """Put a table on the page."""
    st.html(f'<div class="atlas-pairs" tabindex="0">{table}</div>')


def table(columns: Sequence[str], rows: Sequence[str], kind: str = "") -> str:
    """A table of `rows`, each the HTML of a row. `kind`: `stacked` puts the cells of a row below each other on a telephone,
    `wide` gives all columns the same width.
    """
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in columns)
    return f'<table class="{kind}"><tbody><tr>{head}</tr>{"".join(rows)}</tbody></table>'


def cell(content: str, name: str = "", kind: str = "") -> str:
    """A cell; `content` is HTML, `name` that of its column."""
    return f'<td class="{kind}" data-name="{html.escape(name, quote=True)}">{content}</td>'


def pairs(corpus: Corpus, tokenizer: Tokenizer, known: frozenset[str] | None) -> str:
    """The first pairs: what becomes of each, and both sides with their words, pieces and new words marked."""
    columns = ["", _("English"), _("French")]
    rows = []
    for pair, split in list(zip(corpus.pairs, corpus.splits, strict=True))[:MOST_ROWS]:
        held = split != "train"
        role = f'<span class="sign">○</span>{_("held out")}' if held else f'<span class="sign">●</span>{_("to learn")}'
        sides = (marked(side, cut(tokenizer, side, known)) for side in (pair.source, pair.target))
        cells = [cell(role, kind="role"), *(cell(side) for side in sides)]
        rows.append(f'<tr class="{"held" if held else ""}">{"".join(cells)}</tr>')
    return table(columns, rows, "stacked")


def marked(sentence: str, found: Sequence[Word]) -> str:
    """A sentence with bars where its words are cut, and its new words underlined and called new."""
    text, place, parts = clean(sentence), 0, []
    for (start, end), word in zip(words(text), found, strict=True):
        parts.append(html.escape(text[place:start]))
        inside = BAR.join(html.escape(part) for part in word.cut)
        note = f"<sup>{html.escape(_('new'))}</sup>" if word.new else ""
        parts.append(f'<span class="word{" new" if word.new else ""}">{inside}{note}</span>')
        place = end
    return "".join([*parts, html.escape(text[place:])])


def rows_of(found: Sequence[Row]) -> str:
    """Sentences with what they should be, and what they were before and after, each with a sign for right or wrong."""
    names = [_("English"), _("Should be"), _("Before"), _("After")]
    told = []
    for row in found[:MOST_ROWS]:
        sides = [html.escape(row.source), html.escape(row.references[0])]
        sides += [judged(row.before, row.right_before), judged(row.after, row.right_after)]
        told.append(f"<tr>{''.join(cell(side, name) for side, name in zip(sides, names, strict=True))}</tr>")
    return table(names, told, "stacked wide")


def judged(text: str, right: bool) -> str:
    """A translation behind a sign that says whether it is right."""
    sign, word = ("✓", _("right")) if right else ("✗", _("wrong"))
    shown = html.escape(text) or f"<i>{html.escape(_('(nothing)'))}</i>"
    title = html.escape(text, quote=True)
    sign = f'<span class="sign" role="img" aria-label="{html.escape(word)}">{sign}</span>'
    return f'<span class="said" title="{title}">{sign}{shown}</span>'
