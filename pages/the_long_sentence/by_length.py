"""The view "By length": how many held-out sentences each model gets right, by their length, and two of them in full."""

import html
from collections.abc import Sequence

import numpy as np
import streamlit as st

from figures.numbers.measured import Axis, Series, measured
from pages.the_long_sentence.known import Model, called, style
from relatives.long.exam import Estimate, Point, is_right, of_bin
from relatives.long.record import Measured, Record, command
from relatives.long.sentences import BINS, bin_of
from ui import controls
from ui.frame import Rooms, Seen, Visit
from ui.session.kept import hold
from ui.show import live_plot, prose, sums, tables
from ui.show.live_plot import Cell
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _

MEASURE, MODEL, BIN = (
    "ls_what",
    "ls_model",
    "ls_bin",
)  # in the address: what is measured, and the point that was clicked
ONE_STATE, LOOKS = ("gru", "lstm", "tanh"), ("luong-dot", "bahdanau")  # in the order in which they stand for their like
BODY = 240  # pixels


def measure_asked(known: Record) -> str:
    """Draw the choice of the measure; of people's sentences, which can be translated in many ways, first BLEU."""
    names = {"exact": _("Exactly right"), "bleu": _("BLEU")}
    return controls.one_of(_("Measure"), MEASURE, names, "exact" if known.sentences else "bleu")


def estimate(point: Point, what: str) -> Estimate:
    """What is drawn of a point."""
    return point.exact if what == "exact" else point.bleu


def show(visit: Visit, seen: Seen, rooms: Rooms, known: Record, models: Sequence[Model], what: str) -> None:
    """The picture, the clicked point, the words."""
    pieces = len(seen.walk.source) - 1
    model, point = chosen(models, pieces)
    with rooms.picture:
        picture(visit, known, models, what, (models.index(model), of(model).points.index(point)))
    first_line(rooms, models, known, pieces, what)
    with rooms.words:
        behind(known, models, model, point)
        prose.depths(visit.lesson.of("length" if known.sentences else "natural"), values(models, known, pieces))


def of(model: Model) -> Measured:
    """What was measured of a model that is drawn."""
    assert model.measured is not None
    return model.measured


def chosen(models: Sequence[Model], pieces: int) -> tuple[Model, Point]:
    """The clicked point; until then the bin of the learner's sentence in the model with one state."""
    hold(MODEL, "")
    hold(BIN)
    first = stands_for(models, ONE_STATE) or models[0]
    model = next((each for each in models if each.name == st.session_state[MODEL]), first)
    asked = st.session_state[BIN]
    wanted = asked - 1 if isinstance(asked, int) else bin_of(pieces)
    points = of(model).points
    return model, next((each for each in points if each.bin == wanted), points[-1])


def stands_for(models: Sequence[Model], kinds: Sequence[str]) -> Model | None:
    """The first model of the first of these kinds that there is."""
    return next((each for kind in kinds for each in models if each.kind == kind), None)


def point_at(model: Model, number: int | None) -> Point | None:
    """A model's point in a bin."""
    return next((each for each in of(model).points if each.bin == number), None)


def first_line(rooms: Rooms, models: Sequence[Model], known: Record, pieces: int, what: str) -> None:
    """The learner's length, and what each way of translating makes of it."""
    number_of = bin_of(pieces)
    sides = [stands_for(models, kinds) for kinds in (ONE_STATE, LOOKS, ("transformer",))]
    told = [(called(each, models), point_at(each, number_of)) for each in sides if each]
    sign = " %" if what == "exact" else ""
    parts = [f"{name} {number(estimate(point, what).value, 0)}{sign}" for name, point in told if point]
    if number_of is None or not parts:
        template = _(
            "Your {pieces} pieces: nothing is known of sentences as long. The longest in training had {longest}."
        )
        return rooms.seen(template, pieces=pieces, longest=known.longest)
    low, high = BINS[number_of]
    template = _("Your {pieces} pieces: of held-out ones with {low} to {high}, exactly right: {shares}.")
    if what == "bleu":
        template = _("Your {pieces} pieces: BLEU of held-out ones with {low} to {high}: {shares}.")
    return rooms.seen(template, pieces=pieces, low=low, high=high, shares=", ".join(parts))


def picture(visit: Visit, known: Record, models: Sequence[Model], what: str, selected: tuple[int, int]) -> None:
    """A line for each model, with its spread, and where the lengths of training end."""
    series = [line(each, called(each, models), what, style(each, models)) for each in models]
    end = _("longest in training: {pieces} pieces").format(pieces=known.longest)
    if known.longest < BINS[-1][1]:
        edge = known.longest + 0.5
        series.append(Series(name=end, x=np.array([edge, edge]), y=np.array([0.0, 100.0]), look="theory"))
    title = _("Exactly right, per cent") if what == "exact" else _("BLEU")
    axes = Axis(title=_("pieces of the English sentence")), Axis(title=title)
    figure = measured(series, axes, title=title, mode=visit.mode, selected=selected, body=BODY)
    alt = "; ".join(f"{each.name}: " + ", ".join(each.said) for each in series if each.look == "line")

    def take(cell: Cell) -> None:
        place, point = int(cell[0] or 0), int(cell[1] or 0)
        st.session_state[MODEL] = models[place].name
        st.session_state[BIN] = of(models[place]).points[point].bin + 1

    live_plot.show(figure, "ls_length", f"{title}. {end}. {alt}.", what, on_click=take, look=visit.lesson.of(what).look)
    columns = [
        _("model"),
        _("pieces"),
        _("sentences"),
        _("right"),
        _("exact %"),
        _("low"),
        _("high"),
        "BLEU",
        _("low "),
        _("high "),
    ]
    rows = [row(called(model, models), each) for model in models for each in of(model).points]
    tables.twin(columns, rows, "ls_length")


def row(name: str, point: Point) -> list[object]:
    """A point in the table."""
    exact, bleu = (
        [round(value, 2) for value in (each.value, each.low, each.high)] for each in (point.exact, point.bleu)
    )
    return [name, span(point), point.count, point.right, *exact, *bleu]


def span(point: Point) -> str:
    """The lengths of a bin: `8–9`."""
    return "–".join(map(str, BINS[point.bin]))


def line(model: Model, name: str, what: str, look: int) -> Series:
    """One model."""
    points = of(model).points
    parts = [estimate(each, what) for each in points]
    said = [
        _("{pieces} pieces: {value} ({low} to {high})").format(
            pieces=span(point), value=number(part.value, 1), low=number(part.low, 1), high=number(part.high, 1)
        )
        for point, part in zip(points, parts, strict=True)
    ]
    band = np.array([part.low for part in parts]), np.array([part.high for part in parts])
    x = np.array([sum(BINS[each.bin]) / 2 for each in points])
    y = np.array([part.value for part in parts])
    return Series(name=name, x=x, y=y, band=band, said=[f"{name}, {each}" for each in said], style=look)


def behind(known: Record, models: Sequence[Model], model: Model, point: Point) -> None:
    """How many of the bin, how many right, the spread; then one that was right and one that was wrong, with what each model wrote."""
    title = filled(_("{name}, {pieces} pieces"), name=called(model, models), pieces=span(point))
    exact, bleu = (f"{number(each.low, 1)} … {number(each.high, 1)}" for each in (point.exact, point.bleu))
    share = f"{point.right} / {point.count} = <b>{number(point.exact.value, 1)}</b> % ({exact})"
    lines = [
        Line(html.escape(_("right")), share, True),
        Line("BLEU", f"<b>{number(point.bleu.value, 1)}</b> ({bleu})"),
    ]
    for right in (True, False):
        place = example(known, model, point, right)
        if place is not None:
            lines += of_one(known, models, model, place, right)
    sums.show(title, lines)


def example(known: Record, model: Model, point: Point, right: bool) -> int | None:
    """The place of the shortest sentence of the bin that the model got right, or wrong."""
    places = of_bin(known.sentences, point.bin)
    found = [place for place in places if is_right(known.sentences[place], of(model).written[place]) == right]
    return min(found, key=lambda place: len(known.sentences[place].source), default=None)


def of_one(known: Record, models: Sequence[Model], model: Model, place: int, right: bool) -> list[Line]:
    """One sentence: the English, and what was written; where it is wrong by every model."""
    sentence = known.sentences[place]
    mark = "✓" if right else "✗"
    lines = [Line(mark, f"<i>{html.escape(sentence.source)}</i> → {html.escape(sentence.target)}")]
    if right:
        return lines
    others = [model, *(each for each in models if each is not model)]
    told = []
    for each in others:
        written = of(each).written[place]
        sign = "✓" if is_right(sentence, written) else "✗"
        told.append((called(each, models), f"{sign} {html.escape(shortened(written))}"))
    lines.append(Line(html.escape(_("wrote")), f"{told[0][1]}"))
    lines.append(Line(html.escape(_("others")), sums.folded(html.escape(_("what the other models wrote")), told[1:])))
    return lines


def shortened(text: str) -> str:
    """At most so much of a translation that never ends."""
    return text if len(text) <= 240 else text[:240] + " …"


def values(models: Sequence[Model], known: Record, pieces: int) -> dict[str, str]:
    """The numbers of the lesson."""
    found = {
        "pieces": str(pieces),
        "attribution": known.attribution,
        "command": command(known.corpus),
        "longest": str(known.longest),
        "kinds": facts(models),
    }
    for key, kinds in (("one", ONE_STATE), ("looks", LOOKS), ("paper", ("transformer",))):
        model = stands_for(models, kinds)
        found |= {
            key: called(model, models) if model else "–",
            **(totals(model, known, key) if model else dict.fromkeys(totals_of(key), "–")),
        }
    return found


def totals_of(key: str) -> list[str]:
    """The names of what `totals` tells."""
    return [f"{key}_{what}" for what in ("right", "beyond", "two", "three", "short", "long")]


@st.cache_data(max_entries=64, show_spinner=False)
def hits(weights: str, _measured: Measured, _known: Record) -> list[bool]:  # noqa: ARG001 (known by its weights)
    """Of each sentence, whether it is right."""
    return [is_right(*each) for each in zip(_known.sentences, _measured.written, strict=True)]


def totals(model: Model, known: Record, key: str) -> dict[str, str]:
    """Of one model: per cent of the corpus's test split, BLEU beyond the lengths of training, and right of two clauses and of three."""
    right, sentences = hits(of(model).weights, of(model), known), known.sentences
    inside = [hit for hit, each in zip(right, sentences, strict=True) if each.clauses == 1]
    beyond = [each.bleu.value for each in of(model).points if BINS[each.bin][0] > known.longest]
    found = [number(100 * sum(inside) / max(1, len(inside)), 0), number(float(np.mean(beyond)) if beyond else 0.0, 0)]
    for count in (2, 3):
        some = [
            hit
            for hit, each in zip(right, sentences, strict=True)
            if each.clauses == count and each.pieces <= known.longest
        ]
        found.append(_("{right} of {count}").format(right=sum(some), count=len(some)))
    found += [number(of(model).points[end].bleu.value, 0) for end in (0, -1)]
    return dict(zip(totals_of(key), found, strict=True))


def facts(models: Sequence[Model]) -> str:
    """What each model is, and how long it was trained."""
    told = _("{name}: {parameters} numbers, {steps} steps, {seconds} s")
    return "; ".join(
        told.format(
            name=called(each, models), parameters=f"{of(each).parameters:,}", steps=f"{of(each).steps:,}", seconds=number(of(each).seconds, 0)
        )
        for each in models
    )  # fmt: skip
