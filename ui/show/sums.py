"""Room 4: the sum behind a clicked cell, written out as one piece of HTML, with the learner's own numbers.

Long sums show their largest terms and say what the others add up to; all of them can be folded out. Every piece of text is
escaped here.
"""

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from ui import ASSETS
from ui.measures.arithmetic import DotProduct, Row, Weighing
from ui.show import numpy_lines
from ui.show.numpy_lines import Redo
from ui.text import filled
from ui.text import translate as _

MILLION = 1e6
STYLE = (ASSETS / "sums.css").read_text("utf-8")
TERMS, PARTS = 2, 3  # so many terms of a sum, and so many numbers of a vector are shown


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sum: what is done, and how, both HTML; `now` marks the one that was clicked.

    `steps` are those of the picture, from 1, while which the line is marked, also when only the browser turns over its steps.
    """

    what: str
    how: str
    now: bool = False
    steps: tuple[int, ...] = ()


def number(value: float, digits: int = 3) -> str:
    """A number as people write it: with a true minus sign, and powers of ten from a million on, or where the decimals would all be 0."""
    if value and (abs(value) < 0.5 * 10**-digits or abs(value) >= MILLION):
        digits_of, _e, power = f"{value:.{2 if abs(value) > 1 else 1}e}".partition("e")
        return f"{digits_of}×10{superscript(int(power))}".replace("-", "−")
    return f"{value or 0.0:,.{digits}f}".replace("-", "−")  # without the sign of -0.0


def superscript(power: int) -> str:
    """An exponent in raised digits."""
    return str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def bracketed(value: float) -> str:
    """The same number, in brackets if it is negative, as inside a product."""
    return number(value) if value >= 0 else f"({number(value)})"


def term(text: str, name: str) -> str:
    """One term of a sum, and below it which one it is."""
    return f'<span class="term">{text}<small>{html.escape(name)}</small></span>'


def summed(dot: DotProduct, names: Sequence[str] | None = None, bias: bool = False, first: int | None = None) -> str:
    """The whole sum: its largest terms, the rest in one number, the bias, the total; all terms fold out. `names` are those of the places.

    The term at the place `first`, if given, stands before the others, however small it is.
    """
    called = [_("dim {place}").format(place=place) for place in range(len(dot.left))] if names is None else names
    places = [each.place for each in dot.largest(TERMS + 1)]
    places = places[:TERMS] if first is None else [first, *(place for place in places if place != first)][: TERMS + 1]
    terms = [
        (f"{bracketed(float(dot.left[place]))} × {bracketed(float(dot.right[place]))}", called[place])
        for place in places
    ]
    shown = [term(f"{'+ ' if place else ''}{text}", name) for place, (text, name) in enumerate(terms)]
    if len(dot.left) > len(places):
        shown.append(the_rest(dot, called, places))
    if bias:
        shown.append(term(f"+ {bracketed(dot.bias)}", _("bias")))
    return f'{" ".join(shown)} <span class="term">= <b>{number(dot.total)}</b></span>'


def the_rest(dot: DotProduct, names: Sequence[str], shown: Sequence[int]) -> str:
    """What the terms that are not `shown` add up to; every term with its product folds out."""
    rest = float(np.delete(dot.products, list(shown)).sum())
    rows = zip(names, dot.left.tolist(), dot.right.tolist(), dot.products.tolist(), strict=True)
    told = [(name, f"{number(a)} × {bracketed(b)}", number(c)) for name, a, b, c in rows]
    count = len(dot.left) - len(shown)
    label = _("1 more term") if count == 1 else _("{count} more terms").format(count=count)
    more = term(f"+ {bracketed(rest)}", label)
    return folded(more, told)


def folded(summary: str, rows: Sequence[Sequence[str]]) -> str:
    """A table below a `summary` (HTML) that folds out: each row a name, then numbers."""
    cells = ("".join(f"<td>{each}</td>" for each in numbers) for _name, *numbers in rows)
    body = "".join(
        f"<tr><th scope=row><small>{html.escape(row[0])}</small></th>{cell}</tr>"
        for row, cell in zip(rows, cells, strict=True)
    )
    return f'<details class="rest"><summary>{summary}</summary><div class="all"><table>{body}</table></div></details>'


def listed_numbers(values: Sequence[float], names: Sequence[str], plus: str = "+ ", total: float | None = None) -> str:
    """The largest of some numbers with their names, and all of them to be folded out; with a `total`, the others in one and what they sum to."""
    order = sorted(range(len(values)), key=lambda place: -abs(values[place]))[:PARTS]
    shown = [term(f"{plus if at else ''}{bracketed(values[place])}", names[place]) for at, place in enumerate(order)]
    if count := len(values) - len(order):
        rest = f"{plus}{bracketed(sum(values) - sum(values[place] for place in order))}" if total is not None else "…"
        rows = [(name, number(value)) for name, value in zip(names, values, strict=True)]
        shown.append(folded(term(rest, _("{count} more").format(count=count)), rows))
    return " ".join(shown) + ("" if total is None else f' <span class="term">= <b>{number(total)}</b></span>')


def beginning(values: Sequence[float]) -> str:
    """The first numbers of a vector, as plain text."""
    inside = ", ".join(number(value) for value in values[:PARTS])
    return f"({inside}, …)" if len(values) > PARTS else f"({inside})"


def vector(values: Sequence[float]) -> str:
    """The first numbers of a vector; all of them fold out."""
    if len(values) <= PARTS:
        return beginning(values)
    rows = [(_("dim {place}").format(place=place), number(value)) for place, value in enumerate(values)]
    return folded(beginning(values).replace("…", "<u>…</u>"), rows)


def why(text: str) -> str:
    """A remark on a line, to be folded out."""
    return (
        f'<details class="why"><summary aria-label="{html.escape(_("why?"))}">?</summary>{html.escape(text)}</details>'
    )


def listed(line: Line) -> str:
    """One line as an item of the list."""
    marks = f'{" class=now" if line.now else ""} data-steps="{" ".join(map(str, line.steps))}"'
    return f'<li{marks}><span class="what">{line.what}</span><span class="how">{line.how}</span></li>'


def show(title: str, lines: Sequence[Line], foot: str = "", redo: Redo | None = None) -> None:
    """The title (HTML), the lines and a foot (HTML), as one element, and how to `redo` it in NumPy: at most one such sum on a page."""
    body = f"<p>{title}</p><ol>{''.join(map(listed, lines))}</ol>{foot}"
    st.html(f'<div class="atlas-cell atlas-sum" role="status"><style>{STYLE}</style>{body}</div>')
    if redo:
        numpy_lines.offer(redo)


def projection(dot: DotProduct, letter: str, piece: str, dimension: int) -> None:
    """Where one number of Q, K or V (`letter`) comes from."""
    title = filled(
        _("Dimension {dimension} of {letter} for {piece}: the row of x times column {dimension} of {matrix}, plus the bias"),
        dimension=dimension, letter=letter, piece=piece, matrix=f"W_{letter}",
    )  # fmt: skip
    redo = numpy_lines.product(dot, number(dot.total), ("x", f"W_{letter}"), bias=True)
    show(title, [Line(f"x · W_{letter} + b", summed(dot, bias=True))], redo=redo)


def weighing(cell: Weighing, query: str, key: str, step: int, looks_at: int, foot: str = "") -> None:
    """The whole chain behind one weight. `looks_at` is how many keys the mask leaves to the query; `step` is marked."""
    title = filled(_("{query} asks, {key} answers: {weight}"), query=query, key=key, weight=number(cell.weight, 4))
    lines = [
        Line("q · k", summed(cell.dot), step == 1, (1,)),
        Line(*divided(cell), step == 2, (2,)),
        Line(html.escape(_("mask")), masked(cell, query, key), step == 3, (3,)),
        Line("exp", power(cell), step == 4, (4,)),
        Line("softmax", share(cell, looks_at), step == 4, (4,)),
        Line("× v", given(cell, query, key), step >= 5, (5,)),
    ]
    show(title, lines, foot, redo_weighing(cell, step))


def redo_weighing(cell: Weighing, step: int) -> Redo:
    """The line of a step, from 1 to 5, of the chain behind a weight."""
    if step < 4:
        shown = cell.dot.total if step == 1 else cell.score
        said = "−∞" if step == 3 and not cell.allowed else number(shown)
        return numpy_lines.score(cell, said, divided=step > 1, masked=step == 3)
    if step == 4:
        return numpy_lines.softmax(cell, number(cell.weight, 4))
    return numpy_lines.given(cell, beginning(cell.contribution.tolist()))


def divided(cell: Weighing) -> tuple[str, str]:
    """The division by the square root of d_k, or that it is switched off."""
    length = len(cell.dot.left)
    if cell.divisor == 1 != length:
        return f"÷ √{length}", f"<b>{number(cell.score)}</b> {why(_('Switched off: the score stays as it is.'))}"
    return f"÷ √{length}", f"{number(cell.dot.total)} / {number(cell.divisor)} = <b>{number(cell.score)}</b>"


def masked(cell: Weighing, query: str, key: str) -> str:
    """What the mask does to the score."""
    if cell.allowed:
        told = _("{query} may look at {key}: nothing is added.")
        return f"{number(cell.score)} + 0 = <b>{number(cell.score)}</b>{why(told.format(query=query, key=key))}"
    told = _("{query} may not look at {key}, which comes later.")
    return f"{number(cell.score)} + (−∞) = <b>−∞</b>{why(told.format(query=query, key=key))}"


def power(cell: Weighing) -> str:
    """The exponential of the score."""
    inside = f"{number(cell.score)} − {bracketed(cell.largest)}" if cell.allowed else "−∞"
    note = _(
        "The row's largest score, {largest}, is taken off first. This changes no weight: it only keeps exp from overflowing."
    )
    remark = why(note.format(largest=number(cell.largest)))
    return f"exp({inside}) = <b>{number(cell.exponential, 4)}</b>{remark}"


def share(cell: Weighing, looks_at: int) -> str:
    """The exponential's share of its row."""
    note = _("The row's total: the sum of exp over the {count} pieces that may be looked at.").format(count=looks_at)
    return f"{number(cell.exponential, 4)} / {number(cell.total, 4)} = <b>{number(cell.weight, 4)}</b>{why(note)}"


def given(cell: Weighing, query: str, key: str) -> str:
    """What the key adds to the head's output."""
    product = f"{number(cell.weight, 4)} × {vector(cell.value.tolist())} = <b>{vector(cell.contribution.tolist())}</b>"
    note = _("What {key} adds to this head's output for {query}: its value v, as much of it as the weight says.")
    return product + why(note.format(key=key, query=query))


def mixing(dot: DotProduct, query: str, keys: Sequence[str], dimension: int, foot: str = "") -> None:
    """Where one number of the head's output comes from: a sum over the keys."""
    title = filled(
        _("Dimension {dimension} of the head's output for {query}: each weight times that dimension of the value"),
        dimension=dimension, query=query,
    )  # fmt: skip
    redo = numpy_lines.product(dot, number(dot.total), ("weights", "v"))
    show(title, [Line("Σ α · v", summed(dot, keys), True)], foot, redo)


def cosine(title: str, one: Sequence[float], other: Sequence[float], foot: str = "") -> None:
    """Where the cosine of two vectors comes from; `title` is HTML."""
    dot = DotProduct(np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64))
    lengths = float(np.linalg.norm(dot.left)), float(np.linalg.norm(dot.right))
    product = f"({number(lengths[0], 4)} × {number(lengths[1], 4)})"
    share = dot.total / max(lengths[0] * lengths[1], 1e-12)
    lines = [
        Line("a · b", summed(dot)),
        Line(html.escape(_("÷ lengths")), f"{number(dot.total, 4)} / {product} = <b>{number(share, 4)}</b>", True),
    ]
    show(title, lines, foot, numpy_lines.cosine(one, other, number(share, 4)))


def sharpness(model: Row, raw: Row, length: int, keys: int, query: str, scaled: bool) -> None:
    """A small table, folded: one row of weights with and without the division by the square root of d_k."""
    head = ["", _("divided by √{length}").format(length=length), _("not divided")]
    rows = [
        (_("largest weight"), model.largest, raw.largest),
        (_("entropy, of at most {most} bits").format(most=number(bits(keys), 2)), model.entropy, raw.entropy),
        (_("gradient: size of diag(p) − ppᵀ"), model.gradient, raw.gradient),
    ]
    told = [f'<th scope="col">{html.escape(text)}</th>' for text in head]
    marks = [" class=now", ""] if scaled else ["", " class=now"]
    body = "".join(
        f'<tr><th scope="row">{html.escape(name)}</th><td{marks[0]}>{number(one)}</td><td{marks[1]}>{number(two)}</td></tr>'
        for name, one, two in rows
    )
    caption = filled(_("How sharp the row of {query} is"), query=query)
    table = f"<details><summary>{caption}</summary><table><tr>{''.join(told)}</tr>{body}</table></details>"
    st.html(f'<div class="atlas-sum"><style>{STYLE}</style>{table}</div>')


def bits(keys: int) -> float:
    """The entropy of equal weights on so many keys."""
    return math.log2(keys)
