"""The first line of each picture of output and search."""

from pages.output_and_search.beam import Node, Tree
from pages.output_and_search.greedy import Path
from pages.output_and_search.output import Lens, NextPiece
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.session import chips
from ui.show.sums import number
from ui.text import Chip
from ui.text import translate as _


def next_piece(rooms: Rooms, session: Session, found: NextPiece, row: int) -> None:
    """How probable the chosen candidate is, and the best of the others."""
    other = int(found.probabilities.argmax())
    if other == row and len(found.ids) > 1:
        other = 1
    names = [
        chips.chip(session.checkpoint.tokenizer.piece(found.ids[each]).piece, found.place) for each in (row, other)
    ]
    rooms.seen(
        _("Having read {read}, the model gives {piece} {chance} and {other} {other_chance}."),
        read=chips.read(session.walk, found.place), piece=names[0], chance=probability(found.probabilities[row]),
        other=names[1], other_chance=probability(found.probabilities[other]),
    )  # fmt: skip


def probability(value: float) -> str:
    """To the digits that matter."""
    return number(float(value), 2 if value >= 0.005 else 3)


def layers(rooms: Rooms, session: Session, seen: Lens, place: int) -> None:
    """What the first and the last layer would write."""
    first, last = (layer_chip(session, seen, depth, place) for depth in (1, len(seen.rows) - 1))
    rooms.seen(
        _("Read {read}, about to write {piece}: layer 1 would write {first} ({chance}), the last {last} ({last_chance})."),
        read=chips.read(session.walk, place), piece=chips.written(session.walk, place), first=first, last=last,
        chance=probability(seen.probabilities[1, place]), last_chance=probability(seen.probabilities[-1, place]),
    )  # fmt: skip


def layer_chip(session: Session, seen: Lens, depth: int, place: int) -> Chip:
    """The piece that a layer would write."""
    return chips.chip(session.checkpoint.tokenizer.piece(int(seen.ids[depth, place])).piece, place)


def steps(rooms: Rooms, free: Path, mine: Path) -> None:
    """What greedy search comes to, and what a forced piece costs."""
    if not mine.forced:
        told = _("The most probable piece at every step: log p {total} in all. Click another piece to force it.")
        return rooms.seen(told, total=number(free.total, 2))
    told = _("With your piece the whole has log p {total}, not {free}.")
    rooms.seen(told, total=number(mine.total, 2), free=number(free.total, 2))


def beam(rooms: Rooms, session: Session, found: Tree, node: Node) -> None:
    """How the chosen beginning stands."""
    count = len(found.steps[node.step - 1].candidates)
    fates = {
        "kept": _(
            "After {step} pieces, the one that ends in {piece} is number {rank} of {count} candidates and is kept: score {score}."
        ),
        "pruned": _(
            "After {step} pieces, the one that ends in {piece} is number {rank} of {count} candidates and is pruned: score {score}."
        ),
        "finished": _("After {step} pieces {piece} ends translation {rank} of {count}: score {score}."),
    }
    piece = chips.chip(session.checkpoint.tokenizer.piece(node.ids[-1]).piece, node.step - 1)
    rooms.seen(
        fates[node.fate], step=node.step, piece=piece, rank=node.rank + 1, count=count, score=number(node.score, 2)
    )
