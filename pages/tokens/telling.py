"""What the page about tokens tells: the first line, the sum behind a cut, why pieces and not letters or words."""

import math
from collections.abc import Sequence
from html import escape

import streamlit as st

from figures.labels import BLANK, JOINT, SPACE, label
from pages.tokens import pieces
from transformer.text import clean
from transformer.tokenizer import Piece, Segmentation, Tokenizer
from ui.controls.sides import Sentence
from ui.frame.rooms import Rooms
from ui.measures.words import runs
from ui.session import chips, pointed
from ui.show import proof, sums
from ui.show.live_plot import Cell
from ui.show.sums import Line
from ui.text import filled
from ui.text import translate as _

CUT = "cut"  # its key in the address
MOST = 3  # terms of a sum that are shown


def cut_word(names: Sequence[str]) -> list[int]:
    """The places of the word that is in the most pieces, the first of several; [] if every word is whole."""
    found = max(runs(names), key=len, default=[])
    return found if len(found) > 1 else []


def seen(rooms: Rooms, sentence: Sentence, vocabulary: int) -> None:
    """The first line: how many pieces there are, a word that is cut, and the number of the chosen piece."""
    count, cut = sum(not name.startswith(("<s>", "</s>")) for name in sentence.pieces), cut_word(sentence.pieces)
    parts = {f"part{number}": sentence.chip(place) for number, place in enumerate(cut)}
    known: dict[str, object] = {"count": count, "vocabulary": f"{vocabulary:,}"} | parts
    if cut:
        known["word"] = spelled(sentence.pieces, cut)
    if sentence.chosen is not None:
        known |= {"piece": sentence.chip(sentence.row), "id": sentence.ids[sentence.row]}
    rooms.seen(
        template(bool(cut), sentence.chosen is not None, count).replace(
            "{parts}", " ".join(f"{{{name}}}" for name in parts)
        ),
        **known,
    )


def spelled(names: Sequence[str], places: Sequence[int]) -> str:
    """A word out of its pieces; a sign that is read as several bytes stands there once."""
    return "".join(sign_of(names[place]) for place in places)


def sign_of(name: str) -> str:
    """What a piece adds to its word: of the bytes of one sign, `<0xED 한 1/3>` and so on, only the first adds the sign."""
    told = label(name).strip(JOINT + BLANK)
    sign, _space, part = told.partition(" ")
    return told if not part or not name.startswith("<0x") else sign if part.startswith("1/") else ""


def template(cut: bool, chosen: bool, count: int = 2) -> str:
    """The first line, with the place `{parts}` for the pieces of the word that is cut."""
    if count == 1:
        return (
            _("A single piece, and the word is whole: number {id} of {vocabulary}.")
            if chosen
            else _("A single piece of {vocabulary}.")
        )
    if cut and chosen:
        return _("{count} pieces: {word} is cut into {parts}; {piece} is number {id} of {vocabulary}.")
    if cut:
        return _("{count} pieces of {vocabulary}: {word} is none of them, so it is cut into {parts}.")
    if chosen:
        return _("{count} pieces, and no word is cut: {piece} is number {id} of {vocabulary}.")
    return _("{count} pieces of {vocabulary}, and no word is cut.")


def chosen(cuts: Sequence[Segmentation]) -> int:
    """The cut that is compared with the best: the one clicked, or else the next best."""
    clicked = pointed.chosen(CUT, len(cuts))
    return min(1, len(cuts) - 1) if clicked is None else clicked


def choose(cell: Cell) -> None:
    """Point at a bar. Only in callbacks."""
    pointed.choose(CUT, int(cell[0] or 0))


def tell(tokenizer: Tokenizer, cuts: Sequence[Segmentation], at: int) -> None:
    """Where the score of a cut comes from, and how many times as probable as the best it is."""
    cut, best, places = cuts[at], cuts[0], range(len(cuts[0].pieces))
    if not at:
        title, lines = (
            filled(_("The best cut")),
            [Line(escape(_("this cut")), added(tokenizer, cut, places[:MOST]), True)],
        )
        return sums.show(title, lines)
    times = sums.number(math.exp(cut.score - best.score))
    title = filled(_("{cut} is {times} times as probable"), cut=pieces.differing(tokenizer, cut, best), times=times)
    mine, theirs = pieces.apart(cut, best), pieces.apart(best, cut)
    lines = [
        Line(escape(_("this cut")), added(tokenizer, cut, range(len(cut.pieces))[mine]), True),
        Line(escape(_("the best")), added(tokenizer, best, places[theirs])),
        Line(escape(_("ratio")), f"exp({sums.number(cut.score, 2)} − {sums.bracketed(best.score)}) = <b>{times}</b>"),
    ]
    sums.show(title, lines)


def added(tokenizer: Tokenizer, cut: Segmentation, places: Sequence[int]) -> str:
    """The log-probabilities of a cut's pieces and their sum; those at some `places`, at most a few, are shown, all fold out."""
    scores, names = [piece.score for piece in cut.pieces], pieces.read_as(tokenizer, cut)
    some = list(places[:MOST])
    terms = [
        sums.term(f"{'+ ' if number else ''}{sums.bracketed(scores[place])}", names[place])
        for number, place in enumerate(some)
    ]
    if others := [place for place in range(len(scores)) if place not in some]:
        each = "".join(
            f"<li><small>{escape(name)}</small> {sums.number(score)}</li>"
            for name, score in zip(names, scores, strict=True)
        )
        sign = "+ " if some else ""
        rest = sums.term(
            f"{sign}{sums.bracketed(sum(scores[place] for place in others))}",
            _("{count} others").format(count=len(others)),
        )
        terms.append(f'<details class="rest"><summary>{rest}</summary><ul>{each}</ul></details>')
    return f'{" ".join(terms)} <span class="term">= <b>{sums.number(cut.score)}</b></span>'


def unknown(tokenizer: Tokenizer, names: Sequence[str]) -> tuple[str, tuple[Piece, ...]]:
    """A word that there is not, made of the sentence's two longest words, and how it is cut; "" if there are no two."""
    whole = ["".join(names[place] for place in word).removeprefix(SPACE) for word in runs(names)]
    longest = sorted({word for word in whole if word.isalpha()}, key=lambda word: (-len(word), whole.index(word)))[:2]
    if len(longest) < 2:
        return "", ()
    made = "".join(sorted(longest, key=whole.index)).lower()
    return made, tokenizer.pieces(made)


def why(tokenizer: Tokenizer, text: str, names: Sequence[str]) -> None:
    """Why not letters, and why not words."""
    letters, count = len(clean(text)), len(tokenizer.pieces(text))
    if letters <= count:
        return  # signs that are read as bytes, of which each has several
    told = _(
        "Why not letters? They would be {letters}, not {count} pieces, and {times} times as many weights of attention."
    )
    link = proof.Link("60_many_heads", _("What n × n costs"), {"heads": "maps", "kind": "encoder"})
    proof.show(
        told, link, letters=letters, count=count, times=f"{((letters + 1) / (count + 1)) ** 2:.1f}"
    )  # with the end piece
    made, cut = unknown(tokenizer, names)
    if made:
        line = filled(_("Why not words? Of a new one nothing would be left. In pieces, {word} can be read:"), word=made)
        row = chips.row([chips.chip(piece.piece, place) for place, piece in enumerate(cut)])
        st.html(f'<p class="atlas-why">{line} {row}</p>')


def shown(sentence: Sentence) -> list[str]:
    """The pieces of text, for `words`."""
    return [name for name in sentence.pieces if not name.startswith(("<s>", "</s>"))]
