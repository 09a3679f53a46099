"""What the page says: which parts are changed, what a cell was and is, how sharply is looked, what the check has shown."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

from figures.labels import label
from pages.machine_parts.asked import Asked
from pages.machine_parts.order import Check
from pages.machine_parts.sharpness import Sharpness
from ui.changed import masks, telling
from ui.changed.machine import Changes
from ui.changed.outcome import Compared
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.session import attentions
from ui.session.attentions import Attention
from ui.show import prose
from ui.show.sums import number
from ui.text import translate as _

Table = tuple[list[str], list[list[Any]]]


def states() -> tuple[str, str, str, str]:
    """The words for a cell of the mask."""
    return _("may look"), _("hidden, as in training"), _("opened"), _("covered")


def seen(rooms: Rooms, asked: Asked, pair: Compared, lifted: bool) -> None:
    """The first line: what is changed, and what came of it."""
    if not asked.code:
        return telling.unchanged(
            rooms, pair, _("Nothing is changed: the model gives the translation above the probability {chance}.")
        )
    parts = ", ".join(phrases(asked))
    if not lifted:
        return rooms.seen(_("With {parts}: what will become of the translation?"), parts=parts)
    return telling.seen(rooms, pair, _("With {parts}"), parts=parts)


def remarks(asked: Asked, session: Session) -> str:
    """What should be known of this change, such as that its positions were never met in training."""
    found = []
    if asked.changes.positions == "shifted" and (longest := trained_length(session.checkpoint.card)):
        template = _("The last piece stands at position {last}; in training none stood beyond {longest}.")
        found.append(template.format(last=asked.changes.shift + max(asked.sizes), longest=longest))
    if masks.count(asked.changes.mask("decoder"), *asked.sizes.of("decoder"))[0]:
        found.append(session.lesson.sections["Look at future"])
    return " ".join(found)


def trained_length(card: Mapping[str, Any]) -> int:
    """The pieces of the longest sentence that its training let in, as the card says; 0 if it does not."""
    recipe = (card.get("training") or {}).get("recipe") if isinstance(card.get("training"), dict) else None
    longest = recipe.get("longest") if isinstance(recipe, dict) else None
    return longest if isinstance(longest, int) else 0


def nothing(asked: Asked) -> str:
    """What to do while nothing is changed."""
    return {
        "mask": _("Nothing is changed. Click cells of the mask, or choose a pattern."),
        "positions": _("Nothing is changed. Choose what the model is told about positions."),
        "parts": _("Nothing is changed. Switch a part off, take a layer out, or change the temperature."),
    }[asked.lab]


def phrases(asked: Asked) -> list[str]:
    """A few words for each change."""
    now = asked.changes
    return [*(of_mask(asked, mask) for mask in now.masks), *of_positions(now), *of_parts(now)]


def of_mask(asked: Asked, mask: masks.Painted) -> str:
    """`10 cells opened in the mask of the decoder`."""
    names = {
        "encoder": _("the mask of the encoder"),
        "decoder": _("the mask of the decoder"),
        "cross": _("the mask of cross-attention"),
    }
    opened, covered = masks.count(mask, *asked.sizes.of(mask.kind))
    template = _("{opened} cells opened and {covered} covered in {mask}")
    if not covered:
        template = _("{opened} cells opened in {mask}")
    elif not opened:
        template = _("{covered} cells covered in {mask}")
    return template.format(opened=opened, covered=covered, mask=names[mask.kind])


def of_positions(now: Changes) -> list[str]:
    """What is told about places, if it is not the truth."""
    if now.positions == "own":
        return []
    said = {
        "off": _("no positions"),
        "shuffled": _("positions shuffled (order {number})"),
        "shifted": _("positions shifted by {number}"),
    }
    return [said[now.positions].format(number=now.seed if now.positions == "shuffled" else now.shift)]


def of_parts(now: Changes) -> list[str]:
    """The parts that are off."""
    found = [
        name
        for name, there in (
            (_("no scaling"), now.scaling), (_("no residual"), now.residual), (_("no LayerNorm"), now.norm),
            (_("no feed-forward"), now.feed_forward),
        )
        if not there
    ]  # fmt: skip
    if now.temperature != 1:
        found.append(_("temperature {number}").format(number=f"{now.temperature:g}"))
    if now.removed:
        stack, layer = now.removed
        template = _("no layer {layer} in the encoder") if stack == "encoder" else _("no layer {layer} in the decoder")
        found.append(template.format(layer=layer + 1))
    return found


def who(asked: Asked) -> str:
    """`Encoder self-attention, layer 2, head 3`."""
    head = _("mean of the heads") if asked.head is None else _("head {head}").format(head=asked.head + 1)
    template = _("{attention}, layer {layer}, {head}")
    return template.format(attention=attentions.words(asked.kind), layer=asked.layer + 1, head=head)


def cell(views: tuple[Attention, Attention], head: int | None, query: int | None, key: int | None) -> None:
    """The chosen cell before and after: its score, its weight, how much its row moved."""
    if query is None:
        return prose.nothing_chosen()
    before, after = (view.weights.mean(0)[query] if head is None else view.weights[head, query] for view in views)
    key = int(np.abs(after - before).argmax()) if key is None else key
    names: dict[str, object] = {"query": views[0].query_chip(query), "key": views[0].key_chip(key)}
    moved = f"{np.abs(after - before).sum() / 2:.3f}"
    told = _(
        "{query} looks at {key}: weight {before} as it is, {after} changed. In this row {moved} of the weight moved."
    )
    if head is None:
        return prose.cell(told, **names, before=f"{before[key]:.3f}", after=f"{after[key]:.3f}", moved=moved)
    told += " " + _("Score {one} as it is, {other} changed.")
    one, other = (score(view, head, query, key) for view in views)
    return prose.cell(
        told, **names, before=f"{before[key]:.3f}", after=f"{after[key]:.3f}", moved=moved, one=one, other=other
    )


def score(view: Attention, head: int, query: int, key: int) -> str:
    """A score, or that a mask is over it."""
    value = f"{view.scores[head, query, key]:.2f}".replace("-", "−")
    return value if view.mask[query, key] else _("{score}, masked: −∞").format(score=value)


def heads(count: int) -> list[str]:
    """Names of heads, written as the tokenizer writes words, as pictures of pieces take them."""
    return [f"▁{head + 1}" for head in range(count)]


def choose_head(cell: Sequence[int | float | None]) -> None:
    """For a click on a head. Only in callbacks."""
    st.session_state["head"] = str(int(cell[0] or 0) + 1)


def sharp(before: Sharpness, after: Sharpness) -> None:
    """How the scores spread, and what comes of it."""
    told = _(
        "On average: the scores spread by {one} → {other}, a row's largest weight is {top} → {new_top}, its entropy {nats} → {new_nats} nats; "
        "the slope of the softmax, on which learning depends, is {slope} → {new_slope}."
    )
    prose.cell(
        told, one=number(before.spread, 2), other=number(after.spread, 2), top=number(before.largest, 2),
        new_top=number(after.largest, 2), nats=number(float(before.nats.mean()), 2), new_nats=number(float(after.nats.mean()), 2),
        slope=number(before.slope, 2), new_slope=number(after.slope, 2),
    )  # fmt: skip


def sharp_alt(title: str, before: Sharpness, after: Sharpness) -> str:
    """The bars in words."""
    told = "; ".join(
        f"{head + 1}: {one:.2f} → {other:.2f}"
        for head, (one, other) in enumerate(zip(before.entropy, after.entropy, strict=True))
    )
    return f"{title}. {told}."


def order(found: Check) -> None:
    """What the check has shown."""
    told = _(
        "Reordered, a piece's vector changes by up to {given} with positions; without, by {bare}: "
        "only rounding, so they are the same vectors in another order."
    )
    prose.cell(told, given=number(found.residual(found.given), 2), bare=number(found.residual(found.bare), 2))


def order_alt(found: Check) -> str:
    """The two maps in words."""
    told = _(
        "With positions each piece's vector changes by up to {given} when the sentence is reordered, without by {bare}."
    )
    return told.format(given=number(found.residual(found.given), 2), bare=number(found.residual(found.bare), 2))


def order_table(found: Check) -> Table:
    """Every piece: its place in both orders, and how far its vector moved."""
    columns = [
        _("piece"),
        _("place"),
        _("place in the other order"),
        _("difference with positions"),
        _("difference without"),
    ]
    rows: list[list[Any]] = [
        [label(found.others[new]), old + 1, new + 1, float(found.given[old, new]), float(found.bare[old, new])]
        for new, old in enumerate(found.order)
    ]
    return columns, rows
