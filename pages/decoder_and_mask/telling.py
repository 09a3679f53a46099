"""What is told beside the pictures: the first line, the chosen cell, and why there is a mask."""

import html
from functools import partial

import numpy as np
import streamlit as st

from figures.labels import label
from pages.decoder_and_mask import asked as decoder
from pages.decoder_and_mask import unmasked
from pages.decoder_and_mask.forcing import Table, chance
from pages.decoder_and_mask.masks import Leak, Padding
from pages.decoder_and_mask.unmasked import Unmasked
from ui.frame.rooms import Rooms
from ui.measures import arithmetic
from ui.session import chips
from ui.session.attentions import Attention
from ui.session.walk import Walk
from ui.show import proof, prose, sums
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _

TOLD = 0.0005  # a smaller change of a probability does not show in three digits
LONG = 60  # letters of a translation that are told


def see_row(rooms: Rooms, walk: Walk, view: Attention, query: int | None) -> None:
    """The first line of the causal mask: how much the chosen position may see."""
    if query is None:
        return rooms.seen(_("Choose a piece: how far may the decoder look?"))
    rooms.seen(
        _("Having read {read}, about to write {right}, the decoder may look at {allowed} of {count} pieces."),
        read=chips.read(walk, query), right=chips.written(walk, query), allowed=int(view.mask[query].sum()), count=len(walk.read),
    )  # fmt: skip


def cell(view: Attention, head: int, query: int | None, key: int | None, step: int) -> None:
    """What the mask does to the chosen cell of the decoder's self-attention; the shown step is marked."""
    if query is None:
        return prose.cell()
    key = int(view.weights[head, query].argmax()) if key is None else key
    found = arithmetic.weighing(view.queries[head], view.keys[head], view.values[head], view.mask, query, key)
    asks, answers = view.query_chip(query), view.key_chip(key)
    note = _("q · k / √{length}: one head, step by step, shows this sum.").format(length=view.d_head)
    title = filled(_("{query} asks, {key} answers: {weight}"), query=asks, key=answers, weight=number(found.weight, 4))
    count = int(view.mask[query].sum())
    lines = [
        Line(html.escape(_("score")), f"<b>{number(found.score)}</b>{sums.why(note)}", step == 0, (1,)),
        Line(html.escape(_("mask")), sums.masked(found, asks, answers), step == 1, (2,)),
        Line("exp", sums.power(found), step == 2, (3,)),
        Line("softmax", sums.share(found, count), step == 2, (3,)),
    ]
    sums.show(title, lines, redo=sums.redo_weighing(found, step + 2))


def padding(found: Padding) -> None:
    """The proof that padding changes nothing, and what would happen without its mask."""
    told = (
        _("Each alone, and both together: the logits differ by at most {difference}, the rounding of 32-bit numbers.")
        if found.difference
        else _("Each alone, and both together: the logits are the same to the last digit.")
    )
    told += " " + _("They reach from {low} to {high}. Without the padding mask they would differ by up to {unmasked}.")
    low, high = found.reach
    prose.cell(
        told, difference=number(found.difference), low=number(low, 1), high=number(high, 1), unmasked=number(found.unmasked, 2)
    )  # fmt: skip


def see_leak(rooms: Rooms, found: Leak, walk: Walk, place: int | None) -> None:
    """The first line of the leak: what the open cells do to the chosen piece."""
    if place is None:
        return rooms.seen(_("Choose a piece: what if the decoder saw it before it writes it?"))
    told = _("About to write {right}, the decoder may not see it in its own row. It gives it {usual}.")
    if found.opened:
        told = _(
            "Having read {read}, this model gives {right} {usual} with its mask, {leaked} with {cells} cells open."
        )
    rooms.seen(
        told, read=chips.read(walk, place), right=chips.written(walk, place), usual=chance(found.usual[place]),
        leaked=chance(found.leaked[place]), cells=len(found.opened),
    )  # fmt: skip


def leak(found: Leak, walk: Walk, place: int | None) -> None:
    """How the probabilities changed, at the chosen position and all in all, and why the leak is of no use to this model."""
    if not found.opened:
        return prose.cell(
            _("No cell is open: each position sees only itself and what is before it. Click a ✕ to open its cell.")
            if len(walk.read) > 1
            else _("There is only one position, so there is no future to hide.")
        )
    change = np.array(found.leaked) - np.array(found.usual)
    told = _(
        "Open cells: {cells}. The right next piece is more probable at {up} of {count} positions and less at {down}; "
        "the mean went from {before} to {after}."
    )
    values: dict[str, object] = {}
    if place is not None:
        told += " " + _("Having read {read}, the model would now write {own}.")
        values = {"read": chips.read(walk, place), "own": chips.chip(found.own[place], place)}
    told += " " + (
        _("So here the leak helps.")
        if change.mean() > TOLD
        else _("This model learned with the mask: it never met an open cell, so it never learned to copy from one.")
    )
    prose.cell(
        told, cells=len(found.opened), up=int((change > TOLD).sum()), down=int((change < -TOLD).sum()), count=len(change),
        before=f"{np.mean(found.usual):.3f}", after=f"{np.mean(found.leaked):.3f}", **values,
    )  # fmt: skip


def see_unmasked(rooms: Rooms, found: Unmasked, place: int | None) -> None:
    """The first line of the model without the mask."""
    right = found.pieces[1]
    if place is None or place >= len(right):
        return rooms.seen(
            _("Trained without the mask, it gives each right piece {mean}: it reads the answer."),
            mean=f"{found.means[1]:.2f}",
        )
    rooms.seen(
        _("Trained without the mask, it reads {right} in the row that must write it, and gives it {chance}."),
        right=chips.chip(right[place], place), chance=chance(found.unmasked[place]),
    )  # fmt: skip


def without_mask(found: Unmasked) -> None:
    """Both models in training and alone."""
    masked, open_one = found.means
    told = _(
        "Two small models of one size, trained on the same pairs. Told the French, they give each right piece {masked} (with the mask) "
        "and {open_one} (without) on average. On their own the first writes {twin}, the second {alone}."
    )
    prose.cell(
        told,
        masked=f"{masked:.2f}",
        open_one=f"{open_one:.2f}",
        twin=quoted(found.twin_alone),
        alone=quoted(found.alone),
    )


def quoted(text: str) -> str:
    """A translation in a sentence."""
    if not text:
        return _("nothing at all")
    return f"“{text if len(text) <= LONG else text[:LONG] + '…'}”"


def why_mask(walk: Walk) -> None:
    """What comes of a mask that was never there: one that was trained without it, on this sentence."""
    link = proof.Link(
        "220_machine_parts", _("Open this model's"), {"mp_lab": "mask", "mp_do": "mdf", "kind": "decoder"}
    )
    pair = unmasked.pair()
    found = unmasked.read(pair, walk) if pair else None
    if not found:
        told = _("Why the mask? The answers of training stand in the same rows: see what open cells do.")
        return proof.show(told, link)
    told = _(
        "Why the mask? A small model trained without it gives the right pieces {mean}, its twin with the mask {twin}: it reads them. "
        "Alone it writes {alone}."
    )
    see = partial(st.button, _("See that model"), key="see_unmasked", on_click=decoder.show_unmasked)
    proof.show(
        told, link, control=see, mean=f"{found.means[1]:.2f}", twin=f"{found.means[0]:.2f}", alone=quoted(found.alone)
    )


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


def unmasked_table(found: Unmasked) -> Table:
    """Every position with the probability that both models give the right piece."""
    columns = [
        _("Position"),
        _("Reads"),
        _("Right next piece"),
        _("Trained with the mask"),
        _("Trained without the mask"),
    ]
    each = zip(*found.pieces, found.masked, found.unmasked, strict=True)
    return columns, [
        [place, label(read), label(right), one, other] for place, (read, right, one, other) in enumerate(each, 1)
    ]
