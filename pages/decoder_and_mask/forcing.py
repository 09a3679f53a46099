"""The decoder in training and at test time: fed with the right pieces, or with those that it wrote itself.

In training (teacher forcing) the decoder reads the right French, one place late. At test time (free running) it reads what it
wrote; here it always takes the most probable piece, which is greedy search.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
import torch

from figures.labels import label
from transformer.decoding.reading import without_specials
from ui.controls.offers import offered
from ui.session import state
from ui.session.walk import Walk
from ui.show import prose
from ui.text import translate as _

Table = tuple[list[str], list[list[str | float | None]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two walks over the same English sentence."""

    forced: Walk  # reads the right French
    free: Walk  # reads its own
    own: tuple[str, ...]  # what the model would have written at each step of `forced`
    own_chances: tuple[float, ...]
    parting: int | None  # the first step at which the two write different pieces; `None` if they never do


def compare(origin: state.Origin, walk: Walk) -> Comparison:
    """The walk as training would read it, beside the model's own way."""
    free = state.own_walk(origin, walk.source_text, state.Search(1))
    own, own_chances = favourites(origin, walk)
    return Comparison(
        forced=walk, free=free, own=own, own_chances=own_chances, parting=parting(walk.written_ids, free.written_ids)
    )


def favourites(origin: state.Origin, walk: Walk) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """The most probable piece at each step, and its probability among all pieces."""
    checkpoint = state.opened(origin)
    with torch.inference_mode():
        logs = walk.trace.logits[0].log_softmax(-1)
        best = without_specials(logs, checkpoint.model.config).max(-1)
    names = tuple(checkpoint.tokenizer.piece(id).piece for id in best.indices.tolist())
    return names, tuple(best.values.exp().tolist())


def parting(right: tuple[int, ...], own: tuple[int, ...]) -> int | None:
    """The first place at which two rows of ids differ."""
    places = (place for place, (one, other) in enumerate(zip(right, own, strict=False)) if one != other)
    return next(places, None if len(right) == len(own) else min(len(right), len(own)))


def tell_forcing(found: Comparison, place: int | None) -> None:
    """Where training and test part, and what happened at the chosen step."""
    walk, step = found.forced, found.parting
    if place is not None:
        told = _(
            "Step {step}: in training the decoder has read {read} last and gives {right} the probability {chance}."
        )
        if found.own[place] == walk.written[place]:
            told += " " + _("It would have written that, too.")
        else:
            told += " " + _("It would have written {own} ({own_chance}), but the next step reads {right} all the same.")
        prose.cell(
            told, step=place + 1, read=label(walk.read[place]), right=label(walk.written[place]), own=label(found.own[place]),
            chance=f"{walk.chances[place]:.3f}", own_chance=f"{found.own_chances[place]:.3f}",
        )  # fmt: skip
    elif step is None:
        told = _("Both agree at every step: this French is what the model writes by itself.")
        prose.cell(told + (" " + _("Change a word of it in the sidebar.") if walk.forced else ""))
    else:
        pieces = [label(each.written[step]) if step < len(each.written) else "–" for each in (walk, found.free)]
        told = _(
            "They part at step {step}: the right piece is {right}, the model wrote {own}. From then on they read different French."
        )
        prose.cell(told, step=step + 1, right=pieces[0], own=pieces[1])


def lanes(found: Comparison) -> list[tuple[str, Walk]]:
    """The two ways to feed a decoder, with their names."""
    return [(_("Training: the right French"), found.forced), (_("Test: its own French"), found.free)]


def lanes_alt(found: Comparison) -> str:
    """The two ways in words."""
    sentences = [f"{name}: {joined(walk.written)}." for name, walk in lanes(found)]
    where = _("They never part.") if found.parting is None else _("They part at step {step}.")
    return " ".join([*sentences, where.format(step=(found.parting or 0) + 1)])


def lanes_table(found: Comparison) -> Table:
    """Every step of both."""
    columns = [
        _("Step"), _("Training reads"), _("Right next piece"), _("Its probability"), _("Own choice"), _("Probability of it"),
        _("Test reads"), _("Writes"), _("Probability of this"),
    ]  # fmt: skip
    forced, free = found.forced, found.free
    rows = []
    for step in range(max(len(forced.read), len(free.read))):
        row: list[str | float | None] = [step + 1]
        if step < len(forced.read):
            row += [label(forced.read[step]), label(forced.written[step]), forced.chances[step]]
            row += [label(found.own[step]), found.own_chances[step]]
        else:
            row += [None] * 5
        inside = step < len(free.read)
        row += [label(free.read[step]), label(free.written[step]), free.chances[step]] if inside else [None] * 3
        rows.append(row)
    return columns, rows


def offer_french(found: Comparison) -> None:
    """A button that puts the model's French into the sidebar's field, to be changed there."""
    if found.forced.forced:
        return
    why = (
        _("To see them part, give the decoder another French sentence.")
        if found.parting is None
        else _("On the left is what beam search found; on the right the most probable piece is taken at every step.")
    )
    with st.container(key="atlas_offer", horizontal=True, vertical_alignment="center"):
        st.caption(why)
        offered(_("Change the French"), "change_french", give_french, found.forced.target_text)


def give_french(french: str) -> None:
    """Put a sentence into the sidebar as the learner's own French."""
    st.session_state["target"], st.session_state["french"] = "mine", french


def joined(pieces: Sequence[str]) -> str:
    """Pieces in a row, the first of them if there are many."""
    shown = [label(piece) for piece in pieces[:12]]
    return " ".join(shown) + (" …" if len(pieces) > len(shown) else "")
