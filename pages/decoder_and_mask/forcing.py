"""The decoder in training and at test time: fed with the right pieces, or with those that it wrote itself.

In training (teacher forcing) the decoder reads the right French, one place late. At test time (free running) it reads what it
wrote; here it always takes the most probable piece, which is greedy search.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from figures.labels import label
from transformer.decoding.reading import without_specials
from ui.frame.rooms import Rooms
from ui.session import chips, state
from ui.session.walk import Walk
from ui.show import prose, sums
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


def see(rooms: Rooms, found: Comparison, place: int | None) -> None:
    """The first line: what training wants at the chosen position, and what the model would do."""
    walk = found.forced
    if place is None:
        return rooms.seen(_("Choose a piece: what has the decoder read, and what must it write?"))
    told = _("Having read {read}, it would write {own} ({own_chance}), but training wants {right} ({chance}).")
    if found.own[place] == walk.written[place]:
        told = _(
            "Having read {read}, about to write {right}, it gives {right} {chance}: it would write that by itself."
        )
    rooms.seen(
        told, read=chips.read(walk, place), right=chips.written(walk, place), own=chips.chip(found.own[place], place),
        chance=chance(walk.chances[place]), own_chance=chance(found.own_chances[place]),
    )  # fmt: skip


def chance(number: float) -> str:
    """A probability to three digits that matter."""
    return f"{number:.2f}" if number >= 0.1 else sums.number(number)


def tell_forcing(found: Comparison, place: int | None) -> None:
    """What training does at the chosen position, and whether both ways to feed the decoder ever part."""
    walk, step = found.forced, found.parting
    if place is None:
        return prose.nothing_chosen()
    told = _("Training reads {right} next, whatever the model would have written.")
    if step is None:
        told += " " + _("At test time it reads its own pieces, which are the same to the end.")
    elif place < step:
        told += " " + _("At test time it reads its own, here still the same: they part at step {step}.")
    elif place == step:
        told += " " + _("At test time it reads {own} next: here they part.")
    else:
        told += " " + _("At test time it has read other pieces since step {step}.")
    own = found.free.written[place] if place < len(found.free.written) else found.free.written[-1]
    prose.cell(
        told, right=chips.written(walk, place), own=chips.chip(own, place), step=step + 1 if step is not None else ""
    )  # fmt: skip


def whose(found: Comparison) -> str:
    """Whose French counts as right."""
    if found.forced.forced:
        return _("Your French counts as right.")
    if found.parting is None:
        return _("The model's own French counts as right, so the two cannot part. Give it another:")
    return _("What beam search found counts as right; at test time the most probable piece is taken at every step.")


def lanes(found: Comparison) -> list[tuple[str, Walk]]:
    """The two ways to feed a decoder, with their names."""
    return [(_("Training"), found.forced), (_("Test"), found.free)]


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


def joined(pieces: Sequence[str]) -> str:
    """Pieces in a row, the first of them if there are many."""
    shown = [label(piece) for piece in pieces[:12]]
    return " ".join(shown) + (" …" if len(pieces) > len(shown) else "")
