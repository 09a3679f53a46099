"""ViT against CNN: the same questions, about as many parameters, more and more pictures to learn from."""

import numpy as np
import streamlit as st

from figures.numbers import measured
from figures.numbers.measured import Axis, Series
from pages.vision_transformer import asked as asking
from pages.vision_transformer import seen
from pages.vision_transformer.asked import Asked
from systems.scenes.measuring import record
from systems.scenes.measuring.record import Learned
from ui import controls, frame
from ui.frame import Workshop
from ui.session import systems
from ui.session.kept import hold
from ui.show import live_plot, proof, sums, tables
from ui.show.proof import Link
from ui.show.sums import Line
from ui.text import filled
from ui.text import translate as _

MEASURE, KIND, POINT = "vt_measure", "vt_kind", "vt_point"


def measures() -> dict[str, str]:
    """What is measured, in words."""
    return {
        "right": _("All questions"),
        "circles": _("Circles"),
        "counting": _("Counting"),
        "related": _("Left of, above"),
        "there": _("Is there"),
    }


def measure() -> str:
    """Which of them."""
    hold(MEASURE, "right")
    return str(st.session_state[MEASURE]) if st.session_state[MEASURE] in measures() else "right"


def points() -> dict[str, list[Learned]]:
    """What was recorded, by kind, from few pictures to many."""
    found = record.by_pictures()
    names = [kind for kind in ("vit", "cnn") if any(each.kind == kind for each in found)]
    return {
        kind: sorted((each for each in found if each.kind == kind), key=lambda each: each.pictures) for kind in names
    }


def names() -> dict[str, str]:
    """Of the kinds."""
    return {"vit": _("Vision Transformer"), "cnn": _("convolutional network")}


def first(asked: Asked) -> None:
    """What is to be seen."""
    found = points()
    if len(found) == 2:
        vit, cnn = ([getattr(each, measure()) for each in found[kind]] for kind in ("vit", "cnn"))
        few, many = found["vit"][0].pictures, found["vit"][-1].pictures
        told = _(
            "From {few} pictures the Vision Transformer learns to answer {vit_few} % right, the CNN {cnn_few} %; "
            "from {many}: {vit_many} % and {cnn_many} %."
        )
        return frame.first_line(
            told, few=few, many=f"{many:,}", vit_few=f"{vit[0]:.0f}", cnn_few=f"{cnn[0]:.0f}", vit_many=f"{vit[-1]:.0f}", cnn_many=f"{cnn[-1]:.0f}"
        )  # fmt: skip
    mine = seen.answer(asked.vit, asked.scene, asked.text)
    return frame.first_line(
        _("{question} The Vision Transformer says {answer}."), question=asked.text, answer=mine.said
    )


def picture(session: Workshop, asked: Asked) -> None:
    """The curves."""
    with controls.row("atlas_controls_part"):
        controls.one_of(_("Questions"), MEASURE, measures())
    found = points()
    if not found:
        st.info(_("There are no results yet."))
        return
    series = curves(found)
    title = _("Right answers about held-out scenes, by the number of training pictures")
    figure = measured.measured(
        series,
        (Axis(title=_("training pictures"), log=True, ticks=list(series[0].x)), Axis(title=_("per cent right"))),
        title=title,
        mode=session.mode,
        selected=chosen(found),
    )
    told = "; ".join(
        f"{each.name}: " + ", ".join(f"{x:,.0f} → {y:.0f} %" for x, y in zip(each.x, each.y, strict=True))
        for each in series
    )
    live_plot.show(
        figure, "vt_against", f"{title}. {told}.", on_click=take, look=session.lesson.sections["Look of against"]
    )
    rows = [
        [names()[kind], each.pictures, each.steps, each.parameters, *(getattr(each, name) for name in measures())]
        for kind, line in found.items()
        for each in line
    ]
    tables.twin([_("model"), _("pictures"), _("steps"), _("parameters"), *measures().values()], rows, "vt_against")
    if asked.cnn is not None:
        st.caption(systems.about(asked.cnn))


def curves(found: dict[str, list[Learned]]) -> list[Series]:
    """A curve for each kind; and who reads only the question, where that was counted."""
    what = measure()
    series = [
        Series(name=names()[kind], x=np.array([each.pictures for each in line]), y=np.array([getattr(each, what) for each in line]))
        for kind, line in found.items()
    ]  # fmt: skip
    first_ = next(iter(found.values()))
    ticks = [each.pictures for each in first_]
    guess = np.full(len(first_), first_[0].baseline)
    if what == "right":
        series.append(Series(name=_("reading only the question"), x=np.array(ticks), y=guess, look="theory"))
    return series


def chosen(found: dict[str, list[Learned]]) -> tuple[int, int]:
    """The point that was clicked."""
    hold(KIND)
    hold(POINT)
    kind = asking.within(KIND, len(found), 0)
    return kind, asking.within(POINT, len(list(found.values())[kind]), 0)


def take(cell: live_plot.Cell) -> None:
    """A click on a point."""
    st.session_state[KIND], st.session_state[POINT] = int(cell[0] or 0), int(cell[1] or 0)


def tell(_asked: Asked) -> None:
    """The clicked point."""
    found = points()
    if not found:
        return
    kind, point = chosen(found)
    each = list(found.values())[kind][point]
    title = filled(_("{model}, {pictures} pictures"), model=names()[each.kind], pictures=f"{each.pictures:,}")
    lines = [
        Line(filled(name), f"<b>{getattr(each, key):.1f} %</b>", key == measure()) for key, name in measures().items()
    ]
    lines.append(
        Line(
            filled(_("trained")),
            filled(
                _("{steps} steps, {parameters} parameters"), steps=f"{each.steps:,}", parameters=f"{each.parameters:,}"
            ),
        )
    )
    sums.show(title, lines)
    told = _(
        "A convolution knows before it learns: what is near belongs together, and a circle is a circle "
        "anywhere. The Vision Transformer must learn both."
    )
    proof.show(told, Link("440_why_self_attention", _("What a convolution costs")))
