"""The review once more, its words coloured by what they get of the whole look: with the number above, and underlined, so not by colour alone."""

import html

import streamlit as st

from figures import theme
from figures.theme import Mode
from pages.hierarchical_attention import looks
from pages.hierarchical_attention.asking import Part
from pages.hierarchical_attention.looks import Looks

MARKED = 0.05  # from this share on a word has its number


def show(found: Looks, gold: frozenset[Part], mode: Mode) -> None:
    """All sentences; what was taken away is struck through, what decides has a star."""
    shares = joint(found)
    lines = []
    for row, line in enumerate(found.typed.words):
        words = (word(text, shares.get((row, place)), (row, place) in gold, mode) for place, text in enumerate(line))
        lines.append(f"<small>{row + 1}</small> {' '.join(words)}")
    st.html(f'<div class="atlas-review" lang="en" style="line-height: 2.2">{"<br>".join(lines)}</div>')


def joint(found: Looks) -> dict[Part, float]:
    """What each word gets of the whole look: its weight times that of its sentence. They sum to 1."""
    over = looks.sentence_weights(found) if found.model.sizes.by == "sentences" else [1.0] * len(found.words)
    return {
        part: float(over[row] * weight)
        for row, (where, weights) in enumerate(zip(found.where, looks.word_weights(found), strict=True))
        for part, weight in zip(where, weights, strict=True)
    }


def word(text: str, share: float | None, decides: bool, mode: Mode) -> str:
    """One word."""
    star = '<b title="★">★</b>' if decides else ""
    if share is None:
        return f"<s>{html.escape(text)}</s>"
    if share < MARKED:
        return star + html.escape(text)
    colours = {"colorscale": theme.sequential(mode), "zmin": 0, "zmax": 1}
    (shade,), (ink,) = theme.shades(colours, [share]), theme.inks(colours, [share])
    style = f"background: {shade}; color: {ink}; padding: 0 0.2em; border-radius: 0.2em; text-decoration: underline"
    return f'{star}<ruby><span style="{style}">{html.escape(text)}</span><rt style="font-size: 0.8125rem">{share:.2f}</rt></ruby>'
