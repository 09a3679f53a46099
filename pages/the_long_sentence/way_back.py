"""The view "The way back": how strongly the loss of the last word pulls at each piece that was read, by the steps between."""

import html
import math
from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from figures.labels import label
from figures.numbers.measured import Axis, Series, measured
from pages.the_long_sentence import chain
from pages.the_long_sentence.by_length import LOOKS, ONE_STATE, of, stands_for
from pages.the_long_sentence.chain import Pulled
from pages.the_long_sentence.known import Model, called, style
from relatives.long.record import Record
from relatives.long.way_back import SMALLEST, Distance
from ui import controls
from ui.frame import Rooms, Seen, Visit
from ui.session import chips, choice
from ui.session.kept import hold
from ui.show import live_plot, proof, prose, sums, tables
from ui.show.live_plot import Cell
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _

WHOSE, WEIGHTS, MODEL, STEPS = "ls_whose", "ls_weights", "ls_way", "ls_steps"  # in the address
BODY = 220  # pixels
WAITING = "440_why_self_attention"  # where the steps are timed
POWERS = tuple(10.0**power for power in range(-30, 4))


def ask() -> tuple[str, str]:
    """Draw the choices: whose gradients, and of which weights."""
    whose = controls.one_of(_("Sentences"), WHOSE, {"own": _("yours"), "mean": _("held-out")})
    return whose, controls.one_of(_("Weights"), WEIGHTS, {"trained": _("trained"), "untrained": _("untrained")})


def show(
    visit: Visit, seen: Seen, rooms: Rooms, record: Record, models: Sequence[Model], whose: str, weights: str
) -> None:
    """The whole view."""
    hold(MODEL, "")
    hold(STEPS)
    if whose == "own":
        own(visit, seen, rooms, models, weights)
    else:
        mean(visit, rooms, models, weights)
    with rooms.words:
        prose.depths(visit.lesson.of("back"), values(models, record))


def chosen(models: Sequence[Model]) -> int:
    """The place of the model whose point was clicked; until then that of the plainest recurrent one."""
    asked = next((place for place, each in enumerate(models) if each.name == st.session_state[MODEL]), None)
    return asked if asked is not None else 0


def stands(models: Sequence[Model]) -> list[Model]:
    """A model with one state, one that looks back, a Transformer: those that there are."""
    found = [stands_for(models, kinds) for kinds in (ONE_STATE, LOOKS, ("transformer",))]
    return [each for each in found if each]


def own(visit: Visit, seen: Seen, rooms: Rooms, models: Sequence[Model], weights: str) -> None:
    """On the learner's sentence, computed now: every model reads the same French."""
    walk, bare = seen.walk, weights == "untrained"
    found = [chain.pulled(each.origin, walk.source_text, walk.target_text, bare) for each in models]
    at, looked = chosen(models), choice.looked_at(walk) or 0
    place = min(looked, len(found[at].pulls) - 1)
    here = found[at]
    told = ", ".join(
        f"{called(models[at], models)} {digits(found[at].pulls[min(looked, len(found[at].pulls) - 1)])}"
        for at in sorted({models.index(each) for each in stands(models)})
    )
    template = _("{steps} steps from {word} back to {piece}; pull there: {told}.")
    rooms.seen(template, word=label(here.word), steps=here.steps[place], piece=chips.source(walk, looked), told=told)
    series = [line(called(model, models), one, style(model, models)) for model, one in zip(models, found, strict=True)]

    def take(cell: Cell) -> None:
        st.session_state[MODEL] = models[int(cell[0] or 0)].name
        choice.set_place(choice.LOOKED_AT, int(cell[1] or 0))

    with rooms.picture:
        title = _("How strongly the loss of the last word pulls at each piece")
        plot(visit, series, title, (at, place), choice.scope(walk) + weights, take, "own")
        rows = [
            [called(model, models), label(piece), steps, pull]
            for model, one in zip(models, found, strict=True)
            for piece, steps, pull in zip(one.source, one.steps, one.pulls, strict=True)
        ]
        tables.twin([_("model"), _("piece"), _("steps"), _("pull")], rows, "ls_back")
    with rooms.words:
        behind(called(models[at], models), here, place, bare)
        why = _(
            "A single state comes from {piece} to {word} in {steps} steps, one after the other, and so is every LSTM trained; a look takes one."
        )
        proof.show(
            why, proof.Link(WAITING), piece=chips.source(walk, looked), word=label(here.word), steps=here.steps[place]
        )


def line(name: str, found: Pulled, look: int) -> Series:
    """One model on the learner's sentence."""
    said = [f"{name}, {label(piece)}" for piece in found.source]
    pulls = np.maximum(np.array(found.pulls, dtype=np.float64), SMALLEST)
    return Series(name=name, x=np.array(found.steps, dtype=np.float64), y=pulls, said=said, style=look)


def mean(visit: Visit, rooms: Rooms, models: Sequence[Model], weights: str) -> None:
    """On held-out sentences, on record: the geometric mean by steps."""
    found = [(each, way_of(each, weights)) for each in models if way_of(each, weights)]
    if not found:
        return rooms.seen(_("Nothing is on record here. Measure these models."))
    shown, ways = [model for model, _way in found], [way for _model, way in found]
    at = chosen(shown)
    steps = [each.steps for each in ways[at]]
    asked = st.session_state[STEPS]
    point = steps.index(asked) if asked in steps else len(steps) - 1
    few = [each for each in models if each in stands(models) or each.kind == "lstm"]
    told = ", ".join(f"{called(each, shown)} × {number(rate(way), 2)}" for each, way in found if each in few)
    rooms.seen(_("Each step back, on held-out sentences: {told}."), told=told)
    series = []
    for model, way in found:
        name, y = called(model, shown), np.array([each.pull.value for each in way])
        band = np.array([each.pull.low for each in way]), np.array([each.pull.high for each in way])
        x = np.array([float(each.steps) for each in way])
        series.append(Series(name=name, x=x, y=y, band=band, style=style(model, models)))

    def take(cell: Cell) -> None:
        model = int(cell[0] or 0)
        st.session_state[MODEL], st.session_state[STEPS] = shown[model].name, ways[model][int(cell[1] or 0)].steps

    with rooms.picture:
        plot(visit, series, _("The same on held-out sentences: geometric mean"), (at, point), weights, take, "mean")
        rows = [
            [called(model, shown), each.steps, each.count, each.pull.value, each.pull.low, each.pull.high]
            for model, way in found
            for each in way
        ]
        tables.twin([_("model"), _("steps"), _("pieces"), _("pull"), _("low"), _("high")], rows, "ls_back")
    with rooms.words:
        behind_mean(called(shown[at], shown), ways[at], point)
    return None


def way_of(model: Model, weights: str) -> tuple[Distance, ...]:
    """The recorded means of a model."""
    return of(model).trained if weights == "trained" else of(model).untrained


def rate(way: Sequence[Distance]) -> float:
    """By what a step further back multiplies the pull, on the whole: a straight line through the logarithms."""
    if len(way) < 2:
        return 1.0
    return float(np.exp(np.polyfit([each.steps for each in way], np.log([each.pull.value for each in way]), 1)[0]))


def plot(
    visit: Visit, series: Sequence[Series], title: str, selected: tuple[int, int], scope: str, take: Callable[[Cell], None], name: str
) -> None:  # fmt: skip
    """The picture: steps across, pulls up by powers of ten."""
    values = np.concatenate([each.y for each in series])
    ticks = [power for power in POWERS if values.min() / 3 <= power <= values.max() * 3]
    axes = (
        Axis(title=_("steps of a single state from the piece to the loss")),
        Axis(title=_("pull"), log=True, ticks=ticks),
    )
    figure = measured(series, axes, title=title, mode=visit.mode, selected=selected, body=BODY)
    alt = "; ".join(f"{each.name}: {each.y[0]:.2g} … {each.y[-1]:.2g}" for each in series)
    live_plot.show(figure, "ls_back", f"{title}. {alt}.", scope, on_click=take, look=visit.lesson.of(name).look)


def digits(value: float) -> str:
    """A number with three digits that matter."""
    return number(value, max(2, 2 - math.floor(math.log10(abs(value)))) if value else 3)


def behind(name: str, found: Pulled, place: int, bare: bool) -> None:
    """The way back of one point, step by step; or that there is a shorter one."""
    title = filled(
        _("{name}: back from {word} to {piece}"), name=name, word=label(found.word), piece=label(found.source[place])
    )
    pull = found.pulls[place]
    lines = [Line(html.escape(_("pull")), f"‖∂(−log p) / ∂x‖ = <b>{digits(pull)}</b>", True)]
    if found.states:
        states = found.states
        first, last = states[-1], states[place]
        ratios = [
            (found.readers[at], f"{digits(states[at])}", f"× {number(states[at] / max(states[at + 1], SMALLEST), 2)}")
            for at in range(len(states) - 2, place - 1, -1)
        ]
        told = sums.folded(
            f"<small>{html.escape(_('{count} ratios, step by step').format(count=len(ratios)))}</small>",
            [(label(piece), norm, ratio) for piece, norm, ratio in ratios],
        )
        lines += [
            Line(html.escape(_("last state")), f"{digits(first)}"),
            Line(
                html.escape(_("steps back")),
                f"{digits(first)} × {digits(last / max(first, SMALLEST))} = <b>{digits(last)}</b> {told}",
            ),
            Line(
                html.escape(_("into the piece")),
                f"{digits(last)} × {digits(pull / max(last, SMALLEST))} = <b>{digits(pull)}</b>",
            ),
        ]
    else:
        share = f"{number(found.looks[place], 2)}" if found.looks and not bare else "–"
        lines.append(
            Line(
                html.escape(_("way")),
                filled(_("one look, share {share}: no chain of {steps} steps"), share=share, steps=found.steps[place]),
            )
        )
    sums.show(title, lines)


def behind_mean(name: str, way: Sequence[Distance], point: int) -> None:
    """The mean at one distance, from the one before it."""
    here, before = way[point], way[max(0, point - 1)]
    lines = [
        Line(
            html.escape(_("pull")),
            f"<b>{digits(here.pull.value)}</b> ({digits(here.pull.low)} … {digits(here.pull.high)})",
            True,
        ),
        Line(html.escape(_("pieces")), filled(_("{count}, geometric mean; 90 % of 400 draws"), count=here.count)),
        Line(
            html.escape(_("from one nearer")),
            f"{digits(before.pull.value)} × {number(here.pull.value / before.pull.value, 2)}",
        ),
        Line(html.escape(_("each step")), f"× <b>{number(rate(way), 3)}</b>"),
    ]
    sums.show(filled(_("{name}, {steps} steps away"), name=name, steps=here.steps), lines)


def values(models: Sequence[Model], record: Record) -> dict[str, str]:
    """The numbers of the lesson: by what each step multiplies, before and after training."""
    told = {"longest": str(record.longest)}
    for weights in ("trained", "untrained"):
        parts = [
            f"{called(each, models)} {number(rate(way_of(each, weights)), 2)}"
            for each in models
            if way_of(each, weights)
        ]
        told[weights] = ", ".join(parts) or "–"
    return told
