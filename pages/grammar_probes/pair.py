"""The pair side by side: both sentences, what the model makes of them, and its chances for the two words that must differ."""

from collections.abc import Collection
from html import escape
from pathlib import Path

import streamlit as st

from pages.grammar_probes.asked import Asked, trained
from pages.grammar_probes.readings import Read
from pages.grammar_probes.words import OWN, phenomena
from transformer.corpora import words
from transformer.text import clean
from ui.session import state
from ui.show import prose
from ui.text import plain
from ui.text import translate as _

STYLE = Path(__file__).with_name("grammar_probes.css").read_text("utf-8")


def style() -> None:
    """How the cards look; once on the page."""
    st.html(f"<style>{STYLE}</style>")


def show(asked: Asked, found: Read) -> None:
    """What French asks for, and the two cards."""
    st.caption(_("Pairs of their own: the sentence in the sidebar plays no part here, the model does."))
    prose.look(f"{phenomena()[asked.what][1]} {plain(question(asked, found))}")
    cards = "".join(card(asked, found, which) for which in (0, 1))
    st.html(f'<div class="gp-pair">{cards}</div>')
    if not trained(asked.question.origin) and asked.what != OWN:
        st.info(_("This model was not trained on the corpus that these pairs are from. It may get them wrong."))


def question(asked: Asked, found: Read) -> str:
    """What must be decided."""
    one, other = found.probe.critical
    told = _("A needs {one}, B needs {other}.")
    if asked.what == OWN:
        told = _("The model's own translations part at {one} and {other}.")
    return told.format(one=f"“{one}”", other=f"“{other}”")


def card(asked: Asked, found: Read, which: int) -> str:
    """One sentence of the pair as HTML."""
    pair, probe, name = asked.pair, found.probe, "AB"[which]
    each = (pair.first, pair.second)[which]
    english = underlined(each.source, pair.changed[which].english)
    question = asked.question
    own = state.opened(question.origin).tokenizer.decode(
        state.translation(question.origin, each.source, question.search)
    )
    expected = underlined(each.target, (probe.slot[which],))
    same = clean(own) == clean(each.target)
    french = expected if same else escape(own)
    sign = "" if asked.what == OWN else f'<b class="gp-sign">{"✓" if same else "✗"}</b> '
    lines = [f'<p class="gp-english"><b>{name}</b> {english}</p>', f'<p class="gp-french" lang="fr">{sign}{french}</p>']
    if not same:
        lines.append(f'<p class="gp-expected">{escape(_("The corpus has:"))} <span lang="fr">{expected}</span></p>')
    return f'<section class="gp-card">{"".join(lines)}{chances(found, which)}</section>'


def chances(found: Read, which: int) -> str:
    """The two words with their probabilities as bars; the right one has a sign."""
    rows = []
    for place, (word, chance) in enumerate(zip(found.probe.critical, found.passes.chances[which], strict=True)):
        right = place == which
        sign = f'<b title="{escape(_("right here"), quote=True)}">●</b>' if right else "○"
        rows.append(
            f'<li>{sign} <span lang="fr">{escape(word)}</span><i style="--share:{chance:.4f}"></i><b>{percent(chance)}</b></li>'
        )
    return (
        f'<ul class="gp-chances" aria-label="{escape(_("probability of each word"), quote=True)}">{"".join(rows)}</ul>'
    )


def percent(chance: float) -> str:
    """`97.3 %`; what is not 0 is not shown as 0."""
    return "< 0.1 %" if 0 < chance < 0.001 else f"{100 * chance:.1f} %"


def underlined(text: str, places: Collection[int]) -> str:
    """A sentence as HTML with some of its words bold and underlined."""
    text, parts, end = clean(text), [], 0
    for place, (start, stop) in enumerate(words(text)):
        word = escape(text[start:stop])
        parts += [escape(text[end:start]), f"<u><b>{word}</b></u>" if place in places else word]
        end = stop
    return "".join(parts) + escape(text[end:])
