"""The arithmetic of a clicked cell: what a method computes for one word, with its own numbers."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from figures.labels import label
from pages.explanation import methods as method
from pages.explanation import telling
from pages.explanation.asked import Asked
from pages.explanation.methods import END, METHODS, Method
from transformer.analysis import attributions
from transformer.analysis.attributions import Gradients
from ui.frame import Session
from ui.measures.arithmetic import DotProduct
from ui.measures.attributed import Measured
from ui.session import chips
from ui.show import prose, sums
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _

MOST = 4  # pieces of a word, or heads, whose numbers are written out


@dataclass(frozen=True, slots=True)
class Clicked:
    """A word of one method."""

    session: Session
    asked: Asked
    known: Measured
    places: list[int]  # of its pieces in the source


def tell(session: Session, asked: Asked, known: Measured, every: Sequence[Method], word: int | None) -> None:
    """The cell of the chosen method and word; without a word, how to choose one."""
    if word is None:
        prose.nothing_chosen()
        return
    chosen, end = every[METHODS.index(asked.method)], word == len(known.words)
    places = [len(session.walk.source) - 1] if end else list(known.words.pieces[word])
    who = method.attention_name(asked.layer, asked.head) if chosen.code == "attention" else method.names()[chosen.code]
    title = filled(
        _("{method}: what {word} is given for {piece}"),
        method=who,
        word=telling.chip(session, known.words, word),
        piece=chips.written(session.walk, asked.place),
    )
    if chosen.code == "left" and end:
        sums.show(title, [], f"<p>{filled(_('“{end}” ends every sentence, so it cannot be left out.'), end=END)}</p>")
        return
    lines, foot = {
        "attention": looked, "rollout": rolled, "gradient": sloped, "integrated": integrated, "left": without,
    }[chosen.code](Clicked(session, asked, known, places))  # fmt: skip
    value = float(chosen.words[word])
    share = f"{number(value)} / {number(chosen.total)} = <b>{number(float(chosen.shares[word]))}</b>"
    lines.append(Line(html.escape(_("share")), share + sums.why(_("Divided by the sum of all magnitudes in the row."))))
    sums.show(title, lines, f"<p>{foot}</p>" if foot else "")


def added(values: Sequence[float], names: Sequence[str], total: float) -> str:
    """A sum with a name below each term (HTML)."""
    pairs = list(zip(values, names, strict=True))
    terms = [
        (number(value) if not place else sums.bracketed(value), name)
        for place, (value, name) in enumerate(pairs[:MOST])
    ]
    if len(pairs) > MOST:
        terms.append((sums.bracketed(sum(values[MOST:])), _("{count} more").format(count=len(pairs) - MOST)))
    shown = [sums.term(f"{'+ ' if place else ''}{text}", name) for place, (text, name) in enumerate(terms)]
    return f'{" ".join(shown)} <span class="term">= <b>{number(total)}</b></span>'


def looked(cell: Clicked) -> tuple[list[Line], str]:
    """The weights on the word's pieces, and those of the heads where they are averaged."""
    weights = cell.session.walk.cross[cell.asked.layer][:, cell.asked.place].astype(np.float64)
    pieces = [label(cell.session.walk.source[place]) for place in cell.places]
    lines = []
    if cell.asked.head is None:
        heads = weights[:, cell.places].sum(-1)
        names = [_("head {number}").format(number=each + 1) for each in range(len(heads))]
        total = added(heads.tolist(), names, float(heads.sum()))
        lines.append(Line(html.escape(_("all heads")), total))
        mean = f"{number(float(heads.sum()))} / {len(heads)} = <b>{number(float(heads.mean()))}</b>"
        lines.append(Line(html.escape(_("mean")), mean))
    row = weights.mean(0) if cell.asked.head is None else weights[cell.asked.head]
    if len(cell.places) > 1 or cell.asked.head is not None:
        total = added(row[cell.places].tolist(), pieces, float(row[cell.places].sum()))
        lines.append(Line(html.escape(_("its pieces")), total))
    return lines, ""


def rolled(cell: Clicked) -> tuple[list[Line], str]:
    """The rollout of the word's pieces, and what is left to the French."""
    found = attributions.rollout(cell.session.walk.trace)
    row, own = found.source[cell.asked.place], float(found.target[cell.asked.place].sum())
    pieces = [label(cell.session.walk.source[place]) for place in cell.places]
    foot = _("The English has {source} of this position, the French read so far {target}: together 1.")
    told = filled(foot, source=number(float(row.sum())), target=number(own))
    return [
        Line(html.escape(_("its pieces")), added(row[cell.places].tolist(), pieces, float(row[cell.places].sum())))
    ], told


def sloped(cell: Clicked) -> tuple[list[Line], str]:
    """The gradient times the embedding, piece by piece."""
    note = _(
        "If this word's embedding grew by 1 %, log p would change by about 1 % of this number. So says the slope at the sentence."
    )
    return dotted(cell, cell.known.gradient, "g · x"), html.escape(note)


def integrated(cell: Clicked) -> tuple[list[Line], str]:
    """The mean gradient on the way times the embedding, and what all the words together add up to."""
    found = cell.known.integrated
    with_words, nothing, left_over = (
        float(each[0]) for each in (found.with_words, found.without_words, found.left_over)
    )
    lines = dotted(cell, found, "ḡ · x")
    difference = f"{number(with_words)} − {sums.bracketed(nothing)} = <b>{number(with_words - nothing)}</b>"
    lines.append(
        Line(
            html.escape(_("to explain")),
            difference + sums.why(_("log p of the sentence, less log p without any word, only places.")),
        )
    )
    total = _("All English pieces together: {total}. {left} is left over, with slopes at {points} points of the way.")
    told = filled(total, total=number(float(found.values[0].sum())), left=number(left_over), points=found.points)
    return lines, told


def dotted(cell: Clicked, found: Gradients, what: str) -> list[Line]:
    """A dot product for each piece of the word, and their sum."""
    lines = []
    for place in cell.places[:MOST]:
        dot = DotProduct(found.gradients[0, place], found.inputs[place])
        of = sums.why(label(cell.session.walk.source[place])) if len(cell.places) > 1 else ""
        lines.append(Line(what, f"{sums.summed(dot)}{of}"))
    if len(cell.places) > 1:
        values = found.values[0][cell.places]
        pieces = [label(cell.session.walk.source[place]) for place in cell.places]
        lines.append(Line(html.escape(_("its pieces")), added(values.tolist(), pieces, float(values.sum()))))
    return lines


def without(cell: Clicked) -> tuple[list[Line], str]:
    """The model with and without the word, and what it would write then."""
    left, word = cell.known.left, cell.known.words.of(cell.places[0])
    whole, rest = float(left.whole[0]), float(left.without[word, 0])
    lines = [
        Line(html.escape(_("with it")), f"log p = <b>{number(whole)}</b>"),
        Line(html.escape(_("without it")), f"log p = <b>{number(rest)}</b>"),
        Line(
            html.escape(_("fall") if whole >= rest else _("rise")),
            f"{number(whole)} − {sums.bracketed(rest)} = <b>{number(whole - rest)}</b>",
        ),
    ]
    ids = [id for place, id in enumerate(cell.known.question.source) if place not in cell.places]
    text = cell.session.checkpoint.tokenizer.decode(ids) or _("(nothing)")
    piece = label(cell.session.checkpoint.tokenizer.piece(left.likeliest[word][0]).piece)
    told = _("Without it the model reads “{text}”, and the likeliest piece here is {piece} ({chance}).")
    return lines, filled(told, text=text, piece=piece, chance=f"{float(left.chances[word, 0]):.3f}")
