"""The gradient of one score: soft attention's one number, and the guesses of many draws of hard attention; and what was recorded."""

import numpy as np
import streamlit as st

from figures.numbers import measured
from figures.numbers.measured import Axis, Series
from pages.visual_attention import asked as asking
from pages.visual_attention.asked import Asked
from pages.visual_attention.looked import SIDE
from pages.visual_attention.pulls import DRAWS, Pulls, pulls
from pages.visual_attention.right import recorded
from ui import controls, frame
from ui.frame import Workshop
from ui.scenes import editor
from ui.scenes.words import lies
from ui.session.kept import hold
from ui.show import live_plot, proof, sums, tables
from ui.show.proof import Link
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _

DRAW, BASE = "va_draw", "va_baseline"


def found(asked: Asked) -> tuple[Pulls, int, int]:
    """All pulls of this scene, and which score is looked at: a word, and a place."""
    all_ = pulls(asked.soft, asked.hard, asked.scene, asked.seed)
    word = min(asked.word, len(all_.words) - 1)
    given = st.session_state.get(asking.PLACE)
    place = asked.place if given is not None else int(all_.soft[word].argmax())
    return all_, word, place


def with_baseline() -> bool:
    """Whether the baseline is taken off."""
    hold(BASE, "on")
    return bool(st.session_state[BASE] != "off")


def first(asked: Asked) -> None:
    """What is to be seen."""
    all_, word, place = found(asked)
    guesses = all_.guesses(word, place, with_baseline())
    told = _(
        "Which way should the score of {place} go before {word}? Soft attention computes one answer, {soft}; "
        "{draws} draws of hard attention say anything from {low} to {high}."
    )
    frame.first_line(
        told, place=lies(place), word=all_.words[word], soft=number(float(all_.soft[word, place])), draws=DRAWS,
        low=number(float(guesses.min())), high=number(float(guesses.max())),
    )  # fmt: skip


def picture(session: Workshop, asked: Asked) -> None:
    """One point for each draw."""
    left, beside = st.columns([1, 1.6], gap="medium")
    with left:
        editor.show()
    with beside:
        with controls.row("atlas_controls_gradient"):
            controls.one_of(_("Baseline"), BASE, {"on": _("taken off"), "off": _("left out")})
            st.button(_("Draw again"), on_click=asking.again, icon=":material/casino:", key="va_again")
        points(session, asked)


def points(session: Workshop, asked: Asked) -> None:
    """The picture."""
    all_, word, place = found(asked)
    guesses = all_.guesses(word, place, with_baseline())
    across = np.arange(1, DRAWS + 1)
    means = np.cumsum(guesses) / across
    series = [
        Series(name=_("hard: one draw"), x=across, y=guesses, look="points"),
        Series(name=_("hard: mean of the draws so far"), x=across, y=means),
        Series(name=_("soft: the one answer"), x=across, y=np.full(DRAWS, all_.soft[word, place]), look="theory"),
    ]
    title = _("What each draw says about one score")
    draw = chosen()
    figure = measured.measured(
        series,
        (Axis(title=_("draw")), Axis(title=_("pull on the score"))),
        title=title,
        mode=session.mode,
        selected=(0, draw),
    )
    told = _("{title}: from {low} to {high}, mean {mean}; soft {soft}.").format(
        title=title, low=number(float(guesses.min())), high=number(float(guesses.max())), mean=number(float(means[-1])),
        soft=number(float(all_.soft[word, place])),
    )  # fmt: skip
    live_plot.show(
        figure, "va_gradient", told, asked.scene, on_click=take, look=session.lesson.sections["Look of gradient"]
    )
    rows = [
        [at + 1, lies(int(all_.drawn[at, word])), float(all_.rewards[at, word]), float(guesses[at])]
        for at in range(DRAWS)
    ]
    tables.twin([_("draw"), _("place drawn"), _("reward"), _("pull on the score")], rows, "va_gradient")


def chosen() -> int:
    """The draw that was clicked."""
    hold(DRAW)
    return asking.within(DRAW, DRAWS, 0)


def take(cell: live_plot.Cell) -> None:
    """A click on a point: the series of draws, or of means, tells the draw."""
    st.session_state[DRAW] = int(cell[1] or 0)


def tell(asked: Asked) -> None:
    """The sum behind a point; what was recorded of whole gradients."""
    all_, word, place = found(asked)
    draw, base = chosen(), with_baseline()
    value = float(all_.guesses(word, place, base)[draw])
    reward, usual = float(all_.rewards[draw, word]), float(all_.usual[word])
    drawn, weight = int(all_.drawn[draw, word]), float(all_.weights[draw, word, place])
    hit = int(drawn == place)
    title = filled(
        _("Draw {draw}, about to write {word}: {value}"), draw=draw + 1, word=all_.words[word], value=number(value)
    )
    surprise = (
        f"{number(reward)} − {sums.bracketed(usual)} = <b>{number(reward - usual)}</b>"
        if base
        else f"<b>{number(reward)}</b>"
    )
    last = f"{sums.bracketed(reward - usual if base else reward)} × {sums.bracketed(hit - weight)} / {len(all_.words)} = <b>{number(value)}</b>"
    lines = [
        Line(
            filled(_("drawn")),
            filled(
                _("{place}, log-probability of the right words from here on: {reward}"),
                place=lies(drawn),
                reward=number(reward),
            ),
        ),
        Line(filled(_("− usual")), surprise),
        Line("1[i] − α", f"{hit} − {number(weight, 4)} = <b>{number(hit - weight, 4)}</b>"),
        Line(filled(_("pull")), last, True),
    ]
    foot = filled(
        _("i: {place}. Usual: the mean reward of these {draws} draws. Divided by the {words} words of the caption."),
        place=lies(place),
        draws=DRAWS,
        words=len(all_.words),
    )
    sums.show(title, lines, f"<p>{foot}</p>")
    whole()


def whole() -> None:
    """What was recorded of the gradient of all that decides where to look."""
    pair = recorded()
    if pair is None:
        return
    by = {(each.name, each.over): each for one in pair for each in one.varied}
    told = _(
        "One batch of {batch} pictures, gradient of W, U and v, variance / length²: soft {soft}, hard {hard} "
        "over {draws} draws, without its baseline {bare}. From batch to batch: soft {softs}, hard {hards}."
    )
    proof.show(
        told,
        Link("310_time_machine", _("How gradients teach")),
        batch=32,
        soft=number(by["soft", "draws"].relative),
        hard=number(by["hard", "draws"].relative, 1),
        draws=by["hard", "draws"].samples,
        bare=number(by["bare", "draws"].relative, 1),
        softs=number(by["soft", "batches"].relative, 1),
        hards=number(by["hard", "batches"].relative, 1),
    )


__all__ = ["SIDE", "first", "picture", "tell"]
