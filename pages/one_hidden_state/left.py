"""The view "What is left": how much the states still know of the first word, as more words come; what a swap changes; a probe."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from figures.labels import label
from figures.numbers import curves
from pages.one_hidden_state import trying
from relatives.long.sentences import prolonged, prolonging
from ui import controls
from ui.frame import Rooms, Seen, Visit
from ui.frame.sidebar import EXAMPLES
from ui.session import choice
from ui.session.kept import hold_number
from ui.show import live_plot, prose, sums, tables
from ui.text import plain
from ui.text import translate as _

LONGER, HOW, FIRST, SECOND = (
    "oh_longer",
    "oh_how",
    "oh_one",
    "oh_two",
)  # in the address: clauses added, what is measured, a swap
MOST = 6  # clauses


def clauses() -> int:
    """How many clauses the sentence is prolonged by."""
    hold_number(LONGER, 0, 0, MOST)
    return int(st.number_input(_("Clauses added"), 0, MOST, key=LONGER, width=125))


def show(visit: Visit, seen: Seen, rooms: Rooms, more: int) -> None:
    """The curve, and in words the swap and the probe."""
    tokenizer = seen.checkpoint.tokenizer
    text = prolonged(seen.walk.source_text, prolonging(), more)
    ids = tuple(tokenizer.encode(text))
    pieces = tokenizer.spelled(ids)
    begins = trying.first_pieces(seen.origin) or tuple(dict.fromkeys(tokenizer.encode(text)[0] for text in EXAMPLES))
    others = tuple(id for id in begins if id != ids[0])[: trying.OTHERS]
    left = 1 - trying.fading(seen.origin, ids, others).mean(0)
    told = _(
        "After {count} pieces the last state differs by {left} (1 − cosine) if another word comes before them than {first}."
    )
    rooms.seen(told, count=len(ids) - 1, left=sums.number(float(left[-1]), 3), first=label(pieces[0]))
    reader = trying.probe(seen.origin)
    with rooms.picture:
        if more:
            st.caption(plain(text))
        picture(visit, seen, pieces, left, reader)
    with rooms.words:
        swap(seen, ids, pieces)
        said(seen, ids, reader)
        values = {
            "first": label(pieces[0]),
            "count": str(len(ids) - 1),
            "left": sums.number(float(left[-1]), 3),
            "others": str(len(others)),
            "width": str(seen.checkpoint.model.config.d_model),
        }
        prose.depths(visit.lesson.of("left"), values | probed(reader))


def picture(
    visit: Visit, seen: Seen, pieces: tuple[str, ...], left: NDArray[np.float64], reader: trying.Probe | None
) -> None:
    """One of the two curves, and its numbers."""
    names = {"word": _("Another first word"), "probe": _("Linear probe")}
    if reader and controls.one_of(_("Measured by"), HOW, names) == "probe":
        draw_probe(visit, seen, reader)
    else:
        draw_fading(visit, seen, pieces, left)
    columns = [_("piece"), _("what is left of the first word (1 − cosine)")]
    tables.twin(columns, [[label(piece), float(value)] for piece, value in zip(pieces, left, strict=True)], "oh_left")


def draw_fading(visit: Visit, seen: Seen, pieces: tuple[str, ...], left: NDArray[np.float64]) -> None:
    """The curve of the sentence."""
    panels = [curves.Panel(_("1 − cosine"), [(_("another first word"), left)])]
    figure = curves.curves(
        panels, [label(piece) for piece in pieces], axis_title=_("state after"), title=_("What is left of the first word"), mode=visit.mode
    )  # fmt: skip
    alt = _("1 − cosine is {first} after the first piece, {last} after the last.").format(
        first=sums.number(float(left[0]), 2), last=sums.number(float(left[-1]), 3)
    )
    live_plot.show(figure, "oh_left", alt, choice.scope(seen.walk) + seen.name, look=visit.lesson.of("left").look)


def draw_probe(visit: Visit, seen: Seen, reader: trying.Probe) -> None:
    """The curve of the probe over held-out sentences."""
    share = [
        (_("read right"), reader.right),
        (_("the commonest, always"), np.full(len(reader.right), reader.commonest)),
    ]
    stations = [str(after) for after in range(len(reader.right))]
    title = _("A linear probe reads the first piece from a state")
    figure = curves.curves(
        [curves.Panel(_("share"), share, (0.0, 1.05))], stations, axis_title=_("pieces read after the first"), title=title, mode=visit.mode,
    )  # fmt: skip
    alt = _("Of held-out sentences the probe reads {first} right at once, {last} after {count} more pieces.").format(
        first=percent(reader.right[0]), last=percent(reader.right[-1]), count=len(reader.right) - 1
    )
    live_plot.show(figure, "oh_probe", alt, seen.name)


def swap(seen: Seen, ids: tuple[int, ...], pieces: tuple[str, ...]) -> None:
    """Two pieces change places: what becomes of the last state."""
    if len(ids) < 2:
        return
    places = {str(at + 1): label(piece) for at, piece in enumerate(pieces)}
    with controls.row("atlas_controls_swap"):
        one = int(controls.menu(_("Swap"), FIRST, places, default="1", width=130)) - 1
        other = int(controls.menu(_("with"), SECOND, places, default=str(min(len(ids), 2)), width=130)) - 1
    angle = trying.swapped(seen.origin, ids, one, other)
    told = _("{one} and {other} change places: the last state has a cosine of {angle} with the one before.")
    prose.cell(told, one=label(pieces[one]), other=label(pieces[other]), angle=sums.number(angle, 3))


def said(seen: Seen, ids: tuple[int, ...], reader: trying.Probe | None) -> None:
    """What the probe reads from the learner's own last state."""
    if reader is None:
        return
    after = min(len(ids), len(reader.weights)) - 1
    states = trying.states_of(seen.checkpoint.model, [ids])[0]  # type: ignore[arg-type]
    guess = reader.pieces[int(trying.read(reader.weights[after], states[after : after + 1]).argmax())]
    first = seen.checkpoint.tokenizer.spelled(ids[:1])[0]
    told = _("From the state after {count} pieces of yours the probe reads {guess}; it was {first}.")
    if first not in reader.pieces:
        told += " " + _("It knows only the {classes} commonest beginnings, and this is none of them.")
    prose.cell(told, count=after + 1, guess=label(guess), first=label(first), classes=len(reader.pieces))


def probed(reader: trying.Probe | None) -> dict[str, str]:
    """The probe's numbers for the lesson."""
    if reader is None:
        return dict.fromkeys(("classes", "at_once", "later", "after", "commonest", "sentences"), "–")
    return {
        "classes": str(len(reader.pieces)), "at_once": percent(reader.right[0]), "later": percent(reader.right[-1]),
        "after": str(len(reader.right) - 1), "commonest": percent(reader.commonest), "sentences": str(reader.counts[0]),
    }  # fmt: skip


def percent(share: float) -> str:
    """A share in per cent."""
    return f"{100 * share:.0f} %"
