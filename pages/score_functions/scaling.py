"""The view "Why √d_k": the first line, the picture by d_k, what is behind the clicked point, and the words."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from figures.numbers.measured import Axis, measured
from pages.score_functions import asked as controls
from pages.score_functions import behind
from pages.score_functions.asked import MOST_SEED, SEED, SERIES, SIZE, Asked
from pages.score_functions.divided import MOST_KEYS, Divided, Lines, divided, series
from relatives.scaling import recorded
from relatives.scaling.recorded import Model
from relatives.scaling.vectors import DRAWS, SIZES
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.session import choice
from ui.show import live_plot, proof, prose, tables
from ui.show.live_plot import Cell
from ui.text import translate as _

BODY = 230  # pixels
POWERS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


def show(rooms: Rooms, session: Session, asked: Asked) -> None:
    """The whole view."""
    found = divided(session, asked)
    first_line(rooms, found)
    lines = series(found)
    if not lines:
        with rooms.picture:
            st.info(found.trouble)
        return prose_of(rooms, session, found)
    place, point = pointed(found, lines)
    title, axis = titles(found)
    figure = measured(
        [each for _code, each in lines], (Axis(title="d_k", log=True, ticks=SIZES), axis), title=title, mode=session.mode,
        selected=(place, point), body=BODY,
    )  # fmt: skip
    told = "; ".join(f"{each.name}: {each.y[0]:.3g} … {each.y[-1]:.3g}" for _code, each in lines)
    with rooms.picture:
        live_plot.show(
            figure, "score_divided", f"{title}. {told}.", choice.scope(session.walk),
            on_click=lambda clicked: take([code for code, _each in lines], clicked), look=session.lesson.sections[f"Look at {found.measure}"],
        )  # fmt: skip
        if found.trouble:
            st.caption(found.trouble)
        tables.twin(*table(lines, axis.title), "score_divided")
    with rooms.words:
        behind.tell(found, str(lines[place][0]), point, session.walk.trace)
    return prose_of(rooms, session, found)


def pointed(found: Divided, lines: Lines) -> tuple[int, int]:
    """The series and the point that the learner points at; until then the first series where d_k is nearest to this model's."""
    codes = [code for code, _each in lines]
    chosen = st.session_state.get(SERIES)
    place = codes.index(chosen) if chosen in codes and chosen else 0
    x = lines[place][1].x
    point = controls.number(SIZE, len(x)) if chosen == codes[place] else None
    return place, int(np.abs(np.log(x / found.d_k)).argmin()) if point is None else point


def take(codes: Sequence[str | None], clicked: Cell) -> None:
    """A click on a point: `[series, point]`. Only in callbacks."""
    code = codes[int(clicked[0] or 0)]
    if code:
        st.session_state[SERIES], st.session_state[SIZE] = code, int(clicked[1] or 0)


def titles(found: Divided) -> tuple[str, Axis]:
    """The picture's title and its upright axis."""
    return {
        "spread": (
            _("How far q · k spreads, by d_k"),
            Axis(title=_("standard deviation of q · k"), log=True, ticks=POWERS),
        ),
        "entropy": (_("How soft a row is, by d_k"), Axis(title=_("entropy, of log₂ keys"))),
        "gradient": (_("How much gradient a row lets through, by d_k"), Axis(title=_("size of diag(p) − ppᵀ"))),
        "learned": (_("What models learn with and without the division"), Axis(title=_("exact match, %"))),
    }[found.measure]


def first_line(rooms: Rooms, found: Divided) -> None:
    """What is to be seen, with this model's own numbers."""
    if found.measure == "learned":
        ends = [models[-2] for scaled in (True, False) if len(models := found.trained(scaled)) > 1]
        if len(ends) == 2:
            told = _("Trained alike, with d_k = {d_k}: {scaled} % right with the division, {unscaled} % without it.")
            return rooms.seen(
                told, d_k=ends[0].d_k, scaled=f"{ends[0].exact_match:.0f}", unscaled=f"{ends[1].exact_match:.0f}"
            )
        return rooms.seen(_("No trained models are on record here."))
    own = [getattr(each, found.measure) for each in found.owns()]
    mean = f"{np.mean(own):.2f}" if own else "–"
    if found.measure == "spread":
        told = _(
            "This model's q · k spreads by {mean}, the mean of its {count} heads; random vectors by √{d_k} = {root}."
        )
        return rooms.seen(told, mean=mean, count=len(own), d_k=found.d_k, root=f"{found.d_k**0.5:.2f}")
    one, raw = (float(getattr(found.here, found.measure + end).mean()) for end in ("", "_raw"))
    told = _(
        "Rows keep {mean} of the largest entropy in this model; of random vectors with d_k = {d_k}: {one} divided, {raw} not."
    )
    if found.measure == "gradient":
        told = _(
            "The gradient of a row is {mean} in this model; of random vectors with d_k = {d_k}: {one} divided, {raw} not."
        )
    return rooms.seen(told, mean=mean, d_k=found.d_k, one=f"{one:.2f}", raw=f"{raw:.2f}")


def prose_of(rooms: Rooms, session: Session, found: Divided) -> None:
    """What it is for, and the lesson."""
    last = found.drawn[-1]
    with rooms.words:
        proof.show(
            _("Why divide? At d_k = {d_k} a random row lets {raw} of gradient through; divided, {one}."),
            proof.Link("220_machine_parts", _("In the whole model"), {"mp_lab": "parts", "mp_do": "ns"}),
            control=None if found.measure == "learned" else lambda: again(found), d_k=last.d_k,
            raw=f"{last.gradient_raw.mean():.3f}", one=f"{last.gradient.mean():.3f}",
        )  # fmt: skip
        lesson = session.lesson.of("scaling")
        prose.depths(lesson.of(found.measure) if found.complete else lesson.of("random"), values(found))


def again(found: Divided) -> None:
    """The button for other random vectors."""

    def draw() -> None:
        st.session_state[SEED] = found.seed % MOST_SEED + 1

    st.button(_("Draw again (seed {seed})").format(seed=found.seed), key="sf_again", on_click=draw)


def values(found: Divided) -> dict[str, str]:
    """For the lesson."""
    here, last = found.here, found.drawn[-1]
    told = {
        "d_k": str(found.d_k), "root": f"{found.d_k**0.5:.2f}", "count": str(found.count), "draws": str(DRAWS),
        "most": str(MOST_KEYS), "seed": str(found.seed),
        "spread": f"{here.spread.mean():.2f}", "last": str(last.d_k), "last_spread": f"{last.spread.mean():.1f}", "last_root": f"{last.d_k**0.5:.1f}",
        "entropy_raw": f"{last.entropy_raw.mean():.3f}", "entropy": f"{last.entropy.mean():.3f}",
        "gradient_raw": f"{last.gradient_raw.mean():.3f}", "gradient": f"{last.gradient.mean():.3f}",
        "command": recorded.command_of(recorded.TRAINED),
    }  # fmt: skip
    return told | trained_values(found)


def trained_values(found: Divided) -> dict[str, str]:
    """What the record says, as text; how far trained heads are from the theory, as factors of sqrt(d_k)."""
    if not found.complete:
        return {}
    models = found.trained(True)
    told = {
        "epochs": f"{models[0].epochs:g}", "steps": f"{models[0].steps:,}", "pairs": str(models[0].pairs), "rate": f"{found.rates[0]:g}",
        "slow": f"{found.rates[-1]:g}", "smallest": str(models[0].d_k), "largest": str(models[-1].d_k), "sizes": listed([one.d_k for one in models]),
    }  # fmt: skip
    for name, scaled in (("scaled", True), ("unscaled", False)):
        models, slow = found.trained(scaled), found.trained(scaled, -1)
        for when in ("before", "after"):
            factors = factors_of(models, when)
            told[f"{name}_{when}"] = listed(factors, 1)
            told[f"{name}_{when}_first"], told[f"{name}_{when}_last"] = f"{factors[0]:.1f}", f"{factors[-1]:.1f}"
        told[f"{name}_slow"] = listed([each.exact_match for each in slow])
        told[f"{name}_slow_after"] = listed(factors_of(slow, "after"), 1)
        told[f"{name}_exact"] = listed([each.exact_match for each in models])
        told[f"{name}_loss"] = listed([each.loss for each in models], 2)
    return told


def factors_of(models: Sequence[Model], when: str) -> list[float]:
    """How many times sqrt(d_k) the heads of each model spread, in the mean; `when` is before or after."""
    return [float(np.mean([head.spread for head in getattr(each, when)])) / each.d_k**0.5 for each in models]


def listed(values: Sequence[float], digits: int = 0) -> str:
    """Some numbers in one line."""
    return ", ".join(f"{value:.{digits}f}" for value in values)


def table(lines: Lines, title: str) -> tuple[list[str], list[list[object]]]:
    """Every point of the picture."""
    rows = []
    for _code, each in lines:
        low, high = each.band or ([None] * len(each.x), [None] * len(each.x))
        said = each.said or [each.name] * len(each.x)
        rows += [[*row] for row in zip(said, map(float, each.x), map(float, each.y), low, high, strict=True)]
    return [_("what"), "d_k", title, _("10 % are below"), _("90 % are below")], rows
