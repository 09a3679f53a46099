"""What the held-out pairs say in words: the score, the heads that carry it, and whether their maps would have told."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from pages.grammar_probes.heads import CARRIES, LOOKS
from pages.grammar_probes.lines import Numbers
from pages.grammar_probes.words import head_words, role_words, two
from transformer.analysis.probe_survey import Testimony
from transformer.what_if import Head
from ui.show import prose
from ui.text import plain
from ui.text import translate as _

LEAST = 0.005  # weights that are shown


@dataclass(frozen=True, slots=True)
class Survey:
    """What all held-out pairs say together."""

    pairs: int
    right: tuple[int, int]  # sentences in which the right word is preferred; pairs in which both are
    chance: float  # the mean probability of the right word
    restored: Numbers  # head
    falls: Numbers  # head
    testimonies: tuple[Testimony, ...]  # of the suspects
    from_it: tuple[Testimony, ...]  # of the encoder's heads, from the English word that the critical word translates


def tell(found: Survey, heads: Sequence[Head]) -> None:
    """The score, and what only looks as if it carried something."""
    prose.cell(score(found))
    if not found.testimonies:
        prose.look(_("No single head brings a tenth of the way: the difference goes through many at once."))
    for line in decoys(found, heads):
        prose.look(plain(line))


def table(found: Survey, heads: Sequence[Head]) -> None:
    """A line for each head that carries something."""
    if not found.testimonies:
        return
    columns = [
        _("Head"),
        _("brings"),
        _("falls without it"),
        _("works at"),
        _("its weight, from there"),
        _("Would its map tell?"),
    ]
    rows = [row(each, found, list(heads)) for each in found.testimonies]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    st.html(f'<div class="gp-table" tabindex="0"><table><tr>{head}</tr>{"".join(rows)}</table></div>')


def row(each: Testimony, found: Survey, heads: list[Head]) -> str:
    """One head as a row of the table."""
    place, nouns = heads.index(each.head), each.nouns
    shares = [f"{role_words(role)} {two(weight)}" for role, weight in each.shares.items() if weight >= LEAST]
    if nouns[1] and each.shares.get("right", 0.0) + each.shares.get("wrong", 0.0) >= CARRIES:
        shares.append(
            _("more at the right noun than at the other: {right} of {count}").format(right=nouns[0], count=nouns[1])
        )
    shown, why = map_says(each)
    cells = [
        head_words(each.head), two(found.restored[place]), two(found.falls[place]), works_at(each), "; ".join(shares),
        f"{'✓' if shown else '✗'} {why}",
    ]  # fmt: skip
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def works_at(each: Testimony) -> str:
    """From which word the head looks when it does its work."""
    if each.head.kind == "cross":
        return _("the critical word")
    role = max(each.at, key=lambda role: each.at[role])
    if each.head.kind == "decoder" or each.at[role] < 0.5:
        return _("no word of the English in particular")
    return _("{role} ({share} %)").format(role=role_words(role), share=f"{100 * each.at[role]:.0f}")


def map_says(each: Testimony) -> tuple[bool, str]:
    """Whether the map points at the word that makes the difference, and where it points."""
    much = LOOKS * each.uniform
    if each.nouns[1] and above_chance(*each.nouns) and each.shares.get("right", 0.0) >= much:
        return True, _("it looks at the right noun")
    if each.shares.get("changed", 0.0) >= much:
        return True, _("it looks at the word that changed")
    if each.shares.get("own", 0.0) >= much:
        return False, _("it looks at the English word it translates, which is the same in A and B")
    return False, _("it looks at other words")


def brings(found: Survey, heads: Sequence[Head], head: Head) -> float:
    """The share of the way that a head restores."""
    return float(found.restored[list(heads).index(head)])


def above_chance(right: int, count: int) -> bool:
    """Whether so many of `count` are more than half by more than three standard errors: the best of many heads is often two."""
    return right - count / 2 > 1.5 * math.sqrt(count)


def decoys(found: Survey, heads: Sequence[Head]) -> list[str]:
    """For `it`: what one would have seen by looking from "it"; for all, heads that look at the right word and carry nothing."""
    ranked = sorted((each for each in found.from_it if each.nouns[1]), key=lambda each: -each.nouns[0])
    if not ranked:
        return []
    best = ranked[0]
    told = _("Looking from “it”: the encoder head that looks more often at the right noun than at the other is layer {layer}, head {head}: "
             "in {right} of {count} sentences. {chance} It brings {share} of the way.").format(
        layer=best.head.layer + 1, head=best.head.head + 1, right=best.nouns[0], count=best.nouns[1],
        share=two(brings(found, heads, best.head)),
        chance=_("That is more than chance.") if above_chance(*best.nouns) else _("That is chance: the map does not show it."),
    )  # fmt: skip
    strongest = max(found.from_it, key=lambda each: each.shares.get("right", 0.0) + each.shares.get("wrong", 0.0))
    share = brings(found, heads, strongest.head)
    if share < CARRIES and strongest != best:
        told += " " + _(
            "The one that looks most at nouns is layer {layer}, head {head}: at the right one in {right} of {count}, "
            "and it brings {share}."
        ).format(
            layer=strongest.head.layer + 1, head=strongest.head.head + 1, right=strongest.nouns[0],
            count=strongest.nouns[1], share=two(share),
        )  # fmt: skip
    return [told]


def score(found: Survey) -> str:
    """How often the model is right, and whether that is more than chance."""
    sentences = 2 * found.pairs
    told = _(
        "The right word is preferred in {right} of {sentences} sentences ({share} %), in both of {both} of {pairs} pairs; "
        "its mean probability is {chance}."
    ).format(
        right=found.right[0], sentences=sentences, share=f"{100 * found.right[0] / sentences:.0f}", both=found.right[1],
        pairs=found.pairs, chance=two(found.chance),
    )  # fmt: skip
    if above_chance(found.right[0], sentences):
        return told
    return (
        told
        + " "
        + _("That is chance: the model does not know it, so there is no way to find, and the shares mean little.")
    )
