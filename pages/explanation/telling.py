"""The methods in words: which word each names, what the guess was worth, and how two of them agree."""

import html
from collections.abc import Sequence

import numpy as np

from pages.explanation import methods as method
from pages.explanation.asked import Asked
from pages.explanation.methods import FEWEST, METHODS, Method
from ui.changed.telling import show
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.measures.words import Words
from ui.session import chips
from ui.show import sums
from ui.text import Chip, filled
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


def question(rooms: Rooms, session: Session, asked: Asked) -> None:
    """The first line before the guess."""
    rooms.seen(_("Which word matters most for {piece}? Click it."), piece=chips.written(session.walk, asked.place))


def verdict(rooms: Rooms, session: Session, asked: Asked, words: Words, every: Sequence[Method]) -> None:
    """The first line: who names which word."""
    walk, found = session.walk, camps(every)
    piece, chance = chips.written(walk, asked.place), f"{walk.chances[asked.place]:.3f}"
    if len(found) == 1:
        told = _("For {piece} (probability {chance}) all {count} methods name the same word: {word}.")
        word = chip(session, words, found[0][0])
        return rooms.seen(
            told, piece=piece, chance=chance, count=sum(each.top is not None for each in every), word=word
        )
    if not found:
        return rooms.seen(_("For {piece} (probability {chance}) no method names a word."), piece=piece, chance=chance)
    values = {f"word{place}": chip(session, words, top) for place, (top, _codes) in enumerate(found)}
    each = ", ".join(f"{{word{place}}} {len(codes)}" for place, (_top, codes) in enumerate(found))
    told = _("For {piece} (probability {chance}) the methods name {words} different words: ")
    rooms.seen(told + each + ".", piece=piece, chance=chance, words=len(found), **values)


def chip(session: Session, words: Words, word: int) -> Chip:
    """A word of the sentence in the colour of its first piece; the end piece after the last."""
    walk = session.walk
    if word == len(words):
        return chips.source(walk, len(walk.source) - 1)
    return Chip(words.names[word], chips.source(walk, words.pieces[word][0]).colour)


def guessed(asked: Asked, words: Words, every: Sequence[Method]) -> None:
    """What the learner's guess was worth."""
    guess = asked.guessed(words)
    if guess is None:
        return
    same = [each.code for each in every if each.top == guess]
    yes, no = (
        _("✓ Your guess, “{word}”, is named by {count} of {whole}: {who}."),
        _("✗ Your guess, “{word}”, is named by no method."),
    )
    told = filled(yes if same else no, word=words.names[guess], count=len(same), whole=len(every), who=listed(same))
    show(f'<p class="atlas-cell" role="status">{told}</p>')


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
