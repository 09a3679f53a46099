"""What the page about the decoder and its mask asks and tells."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from figures.labels import label
from pages.decoder_and_mask import forcing, masks, unmasked
from pages.decoder_and_mask.forcing import joined
from pages.decoder_and_mask.masks import Padding
from pages.decoder_and_mask.unmasked import Pair
from ui import controls
from ui.session import attentions, chips, choice, pointed, state
from ui.session.attentions import Shown
from ui.session.walk import Walk
from ui.show import live_plot, prose
from ui.text import Lesson
from ui.text import translate as _

Values = dict[str, str]
FEW = 6  # pieces that a formula has room for
STEP, TRAINED, WITHOUT = (
    "mask_step",
    "trained",
    "without",
)  # keys in the address, the step from 0; and the word for no mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the controls say. Layer and head count from 0."""

    picture: str  # "causal", "padding", "forcing" or "leak"
    layer: int
    head: int
    neighbour: str  # the example that shares the batch, or ""
    pair: Pair | None  # the models that were trained with the mask and without it, if these are shown


def remember() -> None:
    """First in the fragment: the step of the picture."""
    pointed.remember(STEP)


def step(first: int) -> int:
    """The step of the picture, from 0: the one that is in the address, or else the `first`."""
    found = pointed.chosen(STEP, 3)
    return first if found is None else found


def stand_at(step: int) -> None:
    """The browser came to rest at a step, from 0."""
    pointed.choose(STEP, step)


def ask(session: Shown, origin: state.Origin) -> Asked:
    """Draw the controls of the picture that is chosen, in one row."""
    pictures = {
        "causal": _("Causal"), "forcing": _("Training"), "leak": _("Leak"), "padding": _("Padding"),
    }  # fmt: skip
    layer, head, neighbour, pair = session.walk.layers - 1, 0, "", None
    picture = controls.one_of(_("Picture"), "mask", pictures)
    if picture in ("causal", "padding"):
        kind: attentions.Kind = "decoder" if picture == "causal" else "encoder"
        layer = controls.layer(attentions.layers(session, kind), first=True)
        head = controls.head_only(session.walk.heads)
    if picture == "padding" and (found := masks.neighbours(origin, session.walk)):
        names = {"longer": _("A longer one"), "shorter": _("A shorter one")}
        code = controls.one_of(_("Neighbour"), "neighbour", {code: names[code] for code in found})
        neighbour = found[code]
    if picture == "leak":
        pair = which_models()
        if not pair:
            masks.button()
    return Asked(picture=picture, layer=layer, head=head, neighbour=neighbour, pair=pair)


def which_models() -> Pair | None:
    """Whether this model's mask is opened, or the model is shown that was trained without one; if that is here."""
    if not (found := unmasked.pair()):
        return None
    models = {"mask": _("This one"), WITHOUT: _("Trained without it")}
    return found if controls.one_of(_("Model"), TRAINED, models) == WITHOUT else None


def show_unmasked() -> None:
    """Turn to the model that was trained without the mask. Only in callbacks."""
    st.session_state["mask"], st.session_state[TRAINED] = "leak", WITHOUT


@dataclass(frozen=True, slots=True)
class Words:
    """The name, the title and the line below of each step from scores to weights."""

    names: list[str]
    titles: list[str]
    looks: list[str]

    def steps(self, figures: Sequence[live_plot.Figure], alt: str) -> list[live_plot.Step]:
        """The steps with their figures; `alt` tells what the last of them shows."""
        alts = [f"{title}. {line}" for title, line in zip(self.titles, self.looks, strict=True)]
        alts[-1] = f"{self.titles[-1]}. {alt}"
        return [live_plot.Step(*each) for each in zip(self.names, figures, alts, self.looks, strict=True)]


def words(lesson: Lesson, asked: Asked) -> Words:
    """The words of the picture that is chosen."""
    who = _("head {head}, layer {layer}").format(head=asked.head + 1, layer=asked.layer + 1)
    names = [_("Scores"), _("Mask"), _("Weights")]
    titles = [_("Scores before the mask"), _("Scores under the mask"), _("Weights")]
    looks = [lesson.sections[f"Look at {part}"] for part in ("scores", "mask", "weights")]
    if asked.picture == "padding":
        names, titles = [_("Batch"), *names[1:]], [_("Two sentences in one batch"), *titles[1:]]
        looks = [lesson.sections[f"Look at padded {part}"] for part in ("batch", "mask", "weights")]
    first = titles[0] if asked.picture == "padding" else f"{titles[0]}: {who}"
    return Words(names, [first, *(f"{title}: {who}" for title in titles[1:])], looks)


def values(session: Shown, asked: Asked) -> Values:
    """The numbers of the lesson: the chosen position, one row of the mask, and the sentence as training sees it."""
    walk, place = session.walk, choice.piece(session.walk)
    view = attentions.attention(session, "decoder", min(asked.layer, walk.layers - 1))
    query = attentions.chosen(session, view)[0]
    count = len(walk.read)
    query = min(3, count - 1) if query is None else query
    place = query if place is None or asked.picture == "causal" else place
    scores, weights, allowed = view.scores[asked.head, query], view.weights[asked.head, query], view.mask[query]
    masked = [f"{score:.2f}" if may else r"-\infty" for score, may in zip(scores, allowed, strict=True)]
    logs = np.log(np.maximum(np.array(walk.chances, dtype=np.float64), 1e-300))
    return {
        "count": str(count), "cells": str(count * count), "masked": str(count * (count - 1) // 2),
        "layer": str(view.layer + 1), "head": str(asked.head + 1), "row": str(query + 1),
        "piece": chips.read(walk, query), "tex_piece": prose.tex(label(walk.read[query])), "allowed": str(int(allowed.sum())),
        "last": chips.read(walk, place), "right": chips.written(walk, place), "chance": forcing.chance(walk.chances[place]),
        "surprise": f"{-logs[place]:.3f}", "d_head": str(view.d_head),
        "scores": few(masked), "weights": few([f"{weight:.2f}" if may else "0" for weight, may in zip(weights, allowed, strict=True)]),
        "read": joined(walk.read), "written": joined(walk.written),
        "factors": few([f"{chance:.3f}" for chance in walk.chances], r" \cdot "),
        "product": prose.scientific(float(np.exp(logs.sum()))),
        "loss": f"{-logs.mean():.3f}",
    }  # fmt: skip


def few(parts: Sequence[str], between: str = r",\ ") -> str:
    """The first parts of a list inside a formula."""
    return between.join(parts[:FEW]) + (between + r"\dots" if len(parts) > FEW else "")


def chosen_source(walk: Walk, found: Padding) -> tuple[int, int] | None:
    """The cell of the padded sentence's map that the learner points at, if that sentence is the learner's."""
    query, key = choice.looked_at(walk), choice.place(choice.KEY, len(found.rows[0]))
    return None if found.padded or query is None or key is None else (query, key)


def choose_source(found: Padding) -> Callable[[Sequence[int | float | None]], None]:
    """For a click on `[query, key]` of that map."""

    def choose(cell: Sequence[int | float | None]) -> None:
        if not found.padded and len(cell) > 1 and cell[0] is not None and cell[1] is not None:
            choice.set_place(choice.LOOKED_AT, int(cell[0]))
            choice.set_place(choice.KEY, int(cell[1]))

    return choose


def choose_step(cell: Sequence[int | float | None]) -> None:
    """For a click on a step: point at the piece that it writes."""
    if cell[0] is not None:
        choice.set_place(choice.WRITTEN, int(cell[0]))


def choose_same(walk: Walk, others: Sequence[str]) -> Callable[[Sequence[int | float | None]], None]:
    """For a click on a step of another model, which cuts the French into `others`: point at the piece that begins there."""

    def choose(cell: Sequence[int | float | None]) -> None:
        if cell[0] is not None:
            choice.set_place(choice.WRITTEN, unmasked.same_place(others, int(cell[0]), walk.written))

    return choose
