"""How the vector of one piece moves through the layers: its length, what each sub-layer adds, and where it points."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import numpy as np

from figures.numbers import curves
from pages.the_stack import stack
from pages.the_stack.stack import Asked, Box, Vector
from ui.frame import Session
from ui.measures.arithmetic import DotProduct
from ui.session import pointed
from ui.session.attentions import Cell, Shown
from ui.show import numpy_lines, sums
from ui.show.picture import Picture
from ui.text import filled
from ui.text import translate as _

CURVE, STATION = "curve", "station"  # their keys in the address
LENGTH, ADDED, START, BEFORE = range(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """The vector of one piece at each station: after the embedding, then after each Add & Norm."""

    boxes: tuple[Box, ...]
    vectors: tuple[Vector, ...]  # one more than boxes
    curves: tuple[
        Vector, ...
    ]  # length, length of what was added, cosine with the start, cosine with the station before


def path(session: Shown, asked: Asked) -> Path:
    """The path of the chosen piece. What has no meaning at the first station is NaN there."""
    boxes = stack.boxes(session, asked.sentence)
    vectors = [boxes[0].x, *(box.output for box in boxes)]
    nothing = [float("nan")]
    curves = (
        [length(vector) for vector in vectors],
        nothing + [length(box.update) for box in boxes],
        [cosine(vector, vectors[0]) for vector in vectors],
        nothing + [cosine(vector, before) for before, vector in itertools.pairwise(vectors)],
    )
    return Path(boxes=tuple(boxes), vectors=tuple(vectors), curves=tuple(np.array(curve) for curve in curves))


def length(vector: Vector) -> float:
    """The Euclidean norm."""
    return float(np.linalg.norm(vector))


def cosine(one: Vector, other: Vector) -> float:
    """The cosine of the angle between two vectors; 0 if one of them is zero."""
    both = length(one) * length(other)
    return float(one @ other) / both if both else 0.0


def curve_words() -> tuple[str, ...]:
    """The names of the four curves."""
    return (
        _("length of the vector"), _("length of what the sub-layer adds"), _("cosine with the start"),
        _("cosine with the step before"),
    )  # fmt: skip


def station_words(boxes: tuple[Box, ...]) -> list[str]:
    """`input`, then `1 self-attention` and so on."""
    names = {"self": _("attention"), "cross": _("cross"), "feed": _("feed-forward")}
    return [_("input"), *(f"{box.layer + 1} {names[box.sub]}" for box in boxes)]


def short_word(sub: stack.Sub) -> str:
    """A sub-layer on an axis."""
    return {"self": _("self"), "cross": _("cross"), "feed": _("FFN")}[sub]


def short_words(boxes: tuple[Box, ...]) -> list[str]:
    """The same for an axis."""
    return [_("input"), *(f"{box.layer + 1} {short_word(box.sub)}" for box in boxes)]


def picture(session: Session, asked: Asked) -> Picture:
    """The four curves in two panels."""
    found, words = path(session, asked), curve_words()
    stations, who = station_words(found.boxes), stack.who(session, asked.sentence)
    lengths, added, start, before = zip(words, found.curves, strict=True)
    lowest = min(0.0, float(np.nanmin(found.curves[START])), float(np.nanmin(found.curves[BEFORE])))
    curve, station = chosen(found)
    title = _("The path of {who}").format(who=who)
    told = _("length {length} at the start, {end} at the end; cosine with the start at the end {cosine}")
    facts = told.format(length=f"{lengths[1][0]:.2f}", end=f"{lengths[1][-1]:.2f}", cosine=f"{start[1][-1]:.2f}")
    rows = [[name, *(curve[at] for curve in found.curves)] for at, name in enumerate(stations)]
    return Picture(
        title=title, alt=f"{title}: {facts}.", table=([_("after"), *words], rows), on_click=chooser(found),
        figure=curves.curves(
            [
                curves.Panel(_("length"), (lengths, added)),
                curves.Panel(_("cosine"), (start, before), (lowest * 1.1 - 0.05, 1.05)),
            ],
            short_words(found.boxes), axis_title=_("layer and sub-layer"), title="", mode=session.mode, selected=(*divmod(curve, 2), station),
        ),
        tell=lambda: tell(found, curve, station, stations),
    )  # fmt: skip


def chosen(found: Path) -> tuple[int, int]:
    """The curve and the station that are told: those clicked; else how much of the start is left at the top."""
    curve, station = pointed.chosen(CURVE, len(found.curves)), pointed.chosen(STATION, len(found.vectors))
    if curve is None or station is None or not np.isfinite(found.curves[curve][station]):
        return START, len(found.vectors) - 1
    return curve, station


def chooser(found: Path) -> Callable[[Cell], None]:
    """For clicks `[panel, curve, station]`."""

    def take(cell: Cell) -> None:
        panel, curve, station = (int(each or 0) for each in cell[:3])
        pointed.choose(CURVE, panel * 2 + curve)
        pointed.choose(STATION, station)
        if station:
            box = found.boxes[station - 1]
            stack.choose_box(box.layer, box.sub)

    return take


def tell(found: Path, curve: int, station: int, stations: list[str]) -> None:
    """Room 4: the sums behind a length or a cosine."""
    vector, name = found.vectors[station], curve_words()[curve]
    title = filled(_("{name}, {station}"), name=name.capitalize(), station=stations[station])
    if curve in (LENGTH, ADDED):
        measured = vector if curve == LENGTH else found.boxes[station - 1].update
        square = DotProduct(measured, measured)
        lines = [
            sums.Line("Σ x²", sums.summed(square)),
            sums.Line(
                escape(_("root")), f"√{sums.number(square.total)} = <b>{sums.number(length(measured))}</b>", True
            ),
        ]
        redo = numpy_lines.Redo(numbers={"x": measured}, result="np.sqrt(x @ x)", shows=sums.number(length(measured)))
        return sums.show(title, lines, redo=redo)
    other = found.vectors[0 if curve == START else station - 1]
    sums.cosine(title, vector.tolist(), other.tolist())
