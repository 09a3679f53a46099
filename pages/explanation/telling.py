"""The methods in words: which word each names, what the guess was worth, and how two of them agree."""

import html
from collections.abc import Sequence

import numpy as np

from figures.labels import label
from pages.explanation import methods as method
from pages.explanation.asked import Asked
from pages.explanation.methods import FEWEST, METHODS, Method
from ui.changed.telling import show
from ui.frame import Session
from ui.measures.words import Words
from ui.show import sums
from ui.text import filled
from ui.text import translate as _


def listed(codes: Sequence[str]) -> str:
    """The names of methods, in one line."""
    names = method.names()
    return ", ".join(names[code] for code in codes)


def camps(every: Sequence[Method]) -> list[tuple[int, list[str]]]:
    """The words that are somebody's strongest, and by which methods; those with most methods first."""
    found: dict[int, list[str]] = {}
    for each in every:
        if each.top is not None:
            found.setdefault(each.top, []).append(each.code)
    return sorted(found.items(), key=lambda camp: -len(camp[1]))


def verdict(session: Session, asked: Asked, words: Words, every: Sequence[Method]) -> None:
    """Who names which word, and the guess, as one element."""
    walk, found = session.walk, camps(every)
    piece, chance = label(walk.written[asked.place]), f"{walk.chances[asked.place]:.3f}"
    one = _("For {piece} (probability {chance}) all {count} methods name the same strongest word: “{word}”.")
    many = _("For {piece} (probability {chance}) the methods name {words} different words.")
    word = words.names[found[0][0]] if found else "–"
    said = filled(
        one if len(found) == 1 else many, piece=piece, chance=chance, count=len(every), word=word, words=len(found)
    )
    body = f'<p role="status" class="atlas-cell">{said}{guessed(asked, words, every)}</p>'
    if len(found) > 1:
        lines = [f"“<b>{html.escape(words.names[top])}</b>”: {html.escape(listed(codes))}" for top, codes in found]
        body += f"<p>★ {' · '.join(lines)}</p>"
    show(f'<div class="atlas-change atlas-first">{body}</div>')


def guessed(asked: Asked, words: Words, every: Sequence[Method]) -> str:
    """What the learner's guess was worth (HTML)."""
    guess = asked.guessed(words)
    if guess is None:
        return ""
    same = [each.code for each in every if each.top == guess]
    yes, no = (
        _("✓ Your guess, “{word}”, is named by {count} of {whole}: {who}."),
        _("✗ Your guess, “{word}”, is named by no method."),
    )
    told = filled(yes if same else no, word=words.names[guess], count=len(same), whole=len(every), who=listed(same))
    return f"<br>{told}"


def too_short(words: Words) -> None:
    """Why no agreement can be told."""
    few = _("The sentence has too few words ({count}) to rank: from {fewest} on, agreement means something.")
    told = filled(few, count=len(words), fewest=FEWEST)
    show(f'<p class="atlas-cell" role="status">{told}</p>')


def agreement(asked: Asked, every: Sequence[Method]) -> None:
    """How two methods' agreement is counted; the raw attention and leave-one-out unless others are chosen."""
    one, other = (every[METHODS.index(code)] for code in asked.pair or ("attention", "left"))
    found, names = method.agreement(one, other), method.names()
    count = len(one.words) - 1
    pairs = count * (count - 1) // 2
    title = filled(
        _("{one} and {other}: {words} words make {pairs} pairs, ranked by magnitude"), one=names[one.code],
        other=names[other.code], words=count, pairs=pairs,
    )  # fmt: skip
    untied = [pairs - ties for ties in found.ties]
    tau = "–" if np.isnan(found.tau) else sums.number(found.tau)
    lines = [
        sums.Line(html.escape(_("same order")), f"<b>{found.same}</b>"),
        sums.Line(html.escape(_("other order")), f"<b>{found.other}</b>"),
        sums.Line("τ", f"({found.same} − {found.other}) / √({untied[0]} × {untied[1]}) = <b>{tau}</b>"),
    ]
    meaning = html.escape(_("1: the same ranking. 0: as if by chance. −1: the reverse."))
    sums.show(title, lines, f"<p>{meaning}</p>")
