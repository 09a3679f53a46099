"""The two models' own translations: each piece with the probability that its model gave it, and which pieces differ."""

import html
import math
from pathlib import Path

import streamlit as st

from figures.labels import label
from pages.compare.sides import AnySide
from transformer.analysis.compare import unmatched
from ui.session.walk import Passage
from ui.text import filled
from ui.text import translate as _

STYLE = Path(__file__).with_name("compare.css").read_text("utf-8")
MOST, ENDLESS = 40, 12  # pieces that are shown of a translation, and of one that comes to no end


def show(a: AnySide, b: AnySide) -> None:
    """Draw both, one below the other."""
    apart = unmatched(a.own.written, b.own.written)
    rows = "".join(row(side, each) for side, each in zip((a, b), apart, strict=True))
    st.html(f'<div><style>{STYLE}</style><dl class="atlas-own">{rows}</dl></div>')


def chance(walk: Passage) -> float:
    """The probability of the whole translation: the product of those of its pieces."""
    return math.exp(sum(math.log(max(chance, 1e-45)) for chance in walk.chances))


def row(side: AnySide, apart: frozenset[int]) -> str:
    """One translation as HTML."""
    walk, most = side.own, MOST if side.own.finished else ENDLESS
    whole = filled(_("all together {chance}"), chance=percent(chance(walk)))
    pieces = "".join(
        f'<span class="{"differs" if place in apart else ""}"{spoken(place in apart)}>{html.escape(label(piece))}'
        f"<small>{percent(walk.chances[place])}</small></span>"
        for place, piece in enumerate(walk.written[:most])
    )
    if (left := len(walk.written) - most) > 0:
        more = _("… and {count} more") if walk.finished else _("… and {count} more, without an end")
        pieces += f"<span>{html.escape(more.format(count=left))}</span>"
    return f'<dt>{html.escape(side.title)}<small>{whole}</small></dt><dd lang="fr">{pieces}</dd>'


def spoken(apart: bool) -> str:
    """For a reader who does not see the frame."""
    return f' title="{html.escape(_("differs"))}"' if apart else ""


def percent(share: float) -> str:
    """A probability in per cent, with more digits where it is small."""
    return f"{100 * share:.0f} %" if share >= 0.1 else f"{100 * share:.1f} %" if share >= 0.001 else "< 0.1 %"
