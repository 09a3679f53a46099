"""What the page about the decoder and its mask asks and tells."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from figures.labels import label
from pages.decoder_and_mask import masks
from pages.decoder_and_mask.forcing import Table, joined
from pages.decoder_and_mask.masks import Leak, Padding
from ui import controls
from ui.session import attentions, choice, state
from ui.session.attentions import Attention, Shown
from ui.session.walk import Walk
from ui.show import live_plot, prose
from ui.text import Lesson
from ui.text import translate as _

Values = dict[str, str]
FEW = 6  # pieces that a formula has room for
TOLD = 0.0005  # a smaller change of a probability does not show in three digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the controls say. Layer and head count from 0."""

    picture: str  # "causal", "padding", "forcing" or "leak"
    layer: int
    head: int
    neighbour: str  # the example that shares the batch, or ""


def ask(session: Shown, origin: state.Origin) -> Asked:
    """Draw the controls of the picture that is chosen, in one row."""
    pictures = {
        "causal": _("Causal"), "padding": _("Padding"), "forcing": _("Training"), "leak": _("Leak"),
    }  # fmt: skip
    layer, head, neighbour = session.walk.layers - 1, 0, ""
    with controls.row():
        picture = controls.one_of(_("Picture"), "mask", pictures)
        if picture in ("causal", "padding"):
            kind: attentions.Kind = "decoder" if picture == "causal" else "encoder"
            layer, head = controls.layer(attentions.layers(session, kind)), controls.head_only(session.walk.heads)
        if picture == "padding" and (found := masks.neighbours(origin, session.walk)):
            names = {"longer": _("A longer one"), "shorter": _("A shorter one")}
            code = controls.one_of(_("Neighbour"), "neighbour", {code: names[code] for code in found})
            neighbour = found[code]
        if picture == "leak":
            masks.buttons()
    return Asked(picture=picture, layer=layer, head=head, neighbour=neighbour)


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


def tell_cell(view: Attention, head: int, query: int | None, key: int | None) -> None:
    """What the mask does to the chosen cell of the decoder's self-attention."""
    if query is None:
        return prose.cell()
    row, scores = view.weights[head, query], view.scores[head, query].astype(np.float64)
    allowed = view.mask[query]
    key = int(row.argmax()) if key is None else key
    names: dict[str, object] = {"query": label(view.query_pieces[query]), "key": label(view.key_pieces[key])}
    exponentials = np.exp(scores[allowed] - scores[allowed].max())
    if allowed[key]:
        told = _(
            "{query} may look at {key}. Score {score}; exp({score} − {largest}) = {exponential}; "
            "divided by {total}, the sum over the {count} pieces that it may look at: weight {weight}."
        )
    else:
        told = _(
            "{key} comes after {query}: the mask puts −∞ in the place of its score {score}. exp(−∞) = 0, so its weight is "
            "exactly {weight}, and the {count} pieces before share the whole 1."
        )
    largest = scores[allowed].max()
    prose.cell(
        told, **names, score=f"{scores[key]:.3f}", largest=f"{largest:.3f}", weight=f"{row[key]:.3f}",
        exponential=f"{np.exp(scores[key] - largest):.3f}", total=f"{exponentials.sum():.3f}", count=int(allowed.sum()),
    )  # fmt: skip


def tell_padding(found: Padding) -> None:
    """The proof that padding changes nothing, and what would happen without its mask."""
    told = (
        _(
            "Each sentence alone, and both together: the logits differ by at most {difference}, the rounding of 32-bit numbers."
        )
        if found.difference
        else _("Each sentence alone, and both together: the logits are the same to the last digit.")
    )
    told += " " + _("They reach from {low} to {high}. Without the padding mask they would differ by up to {unmasked}.")
    low, high = found.reach
    prose.cell(
        told,
        difference=f"{found.difference:.7f}",
        low=f"{low:.1f}",
        high=f"{high:.1f}",
        unmasked=f"{found.unmasked:.2f}",
    )


def tell_leak(found: Leak, walk: Walk, place: int | None) -> None:
    """How the probabilities changed, at the chosen position or all in all."""
    if not found.opened:
        return prose.cell(
            _("No cell is open: each position sees only itself and what is before it. Click a ✕ to open its cell.")
            if len(walk.read) > 1
            else _("There is only one position, so there is no future to hide.")
        )
    change = np.array(found.leaked) - np.array(found.usual)
    more: dict[str, object] = {}
    told = _(
        "Open cells: {cells}. The right next piece is more probable at {up} of {count} positions and less at {down}; "
        "the mean went from {before} to {after}."
    )
    if place is not None:
        more = {"read": label(walk.read[place]), "right": label(walk.written[place]), "own": label(found.own[place])}
        more |= {"usual": f"{found.usual[place]:.3f}", "leaked": f"{found.leaked[place]:.3f}"}
        told = (
            _(
                "After {read}, the right next piece {right} went from {usual} to {leaked}; the model would now write {own}."
            )
            + " "
            + told
        )
    told += " " + (_("So here the leak helps.") if change.mean() > TOLD else _("So here the leak does not help:"))
    if change.mean() <= TOLD:
        told += " " + _(
            "the model was never trained with open cells, and what it sees counts for it as written already."
        )
    prose.cell(
        told, cells=len(found.opened), up=int((change > TOLD).sum()), down=int((change < -TOLD).sum()), count=len(change),
        before=f"{np.mean(found.usual):.3f}", after=f"{np.mean(found.leaked):.3f}", **more,
    )  # fmt: skip


def leak_alt(found: Leak) -> str:
    """The bars in words."""
    told = _(
        "{cells} masked cells are open. The right next piece has a probability of {before} on average with the mask, {after} with them."
    )
    return told.format(
        cells=len(found.opened), before=f"{np.mean(found.usual):.3f}", after=f"{np.mean(found.leaked):.3f}"
    )


def leak_table(found: Leak, walk: Walk) -> Table:
    """Every position: what it may see of the future, and both probabilities."""
    columns = [
        _("Position"),
        _("Reads"),
        _("Right next piece"),
        _("With the mask"),
        _("With the open cells"),
        _("Open cells"),
    ]
    rows: list[list[str | float | None]] = []
    for place, (usual, leaked) in enumerate(zip(found.usual, found.leaked, strict=True)):
        seen = ", ".join(label(walk.read[key]) for query, key in found.opened if query == place)
        rows.append([place + 1, label(walk.read[place]), label(walk.written[place]), usual, leaked, seen])
    return columns, rows


def values(session: Shown, asked: Asked) -> Values:
    """The numbers of the lesson: one row of the mask, and the sentence as training sees it."""
    walk = session.walk
    view = attentions.attention(session, "decoder", min(asked.layer, walk.layers - 1))
    query = attentions.chosen(session, view)[0]
    count = len(walk.read)
    query = min(3, count - 1) if query is None else query
    scores, weights, allowed = view.scores[asked.head, query], view.weights[asked.head, query], view.mask[query]
    masked = [f"{score:.2f}" if may else r"-\infty" for score, may in zip(scores, allowed, strict=True)]
    logs = np.log(np.maximum(np.array(walk.chances, dtype=np.float64), 1e-300))
    return {
        "count": str(count), "cells": str(count * count), "masked": str(count * (count - 1) // 2),
        "layer": str(view.layer + 1), "head": str(asked.head + 1), "row": str(query + 1),
        "piece": label(walk.read[query]), "tex_piece": prose.tex(label(walk.read[query])), "allowed": str(int(allowed.sum())),
        "hidden": str(int((~allowed).sum())), "d_head": str(view.d_head),
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
