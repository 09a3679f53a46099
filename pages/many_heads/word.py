"""One word in every head: its row of each head's weights, one below the other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from figures.heads import head_grid
from figures.labels import label
from pages.many_heads import weights
from pages.many_heads.heads import Asked, choose_head, numbered
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.session import attentions
from ui.session.attentions import Attention, Cell, Kind, Shown
from ui.show import prose
from ui.show.picture import Picture
from ui.text import translate as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What is drawn."""

    view: Attention  # of the chosen layer
    query: int  # the piece that looks
    chosen: bool  # whether the learner points at it
    places: tuple[tuple[int, int], ...]  # the layer and the head of each row
    weights: NDArray[np.float32]  # row key: all of them, NaN where the mask forbids to look
    row: int  # of the chosen head
    key: int  # the one that is chosen, or the chosen head's strongest


def word(session: Shown, asked: Asked) -> Word:
    """The chosen piece, or else the first that is drawn, in every head of the layers that are drawn."""
    views = [attentions.attention(session, asked.kind, layer) for layer in asked.layers]
    view = views[asked.layers.index(asked.layer)]
    query, key = attentions.chosen(session, view)
    place = view.origin[0] if query is None else query
    drawn = np.concatenate([each.weights[:, place] for each in views])
    places = tuple((each.layer, head) for each in views for head in range(len(each.weights)))
    row = places.index((asked.layer, asked.head or 0))
    return Word(
        view=view, query=place, chosen=query is not None, places=places, row=row,
        weights=np.where(view.mask[place], drawn, np.nan), key=int(drawn[row].argmax()) if key is None else key,
    )  # fmt: skip


def two(found: Word) -> tuple[int, int | None]:
    """The chosen head's row, and that of the head which looks most at another piece; `None` if none does."""
    best = np.nanargmax(found.weights, axis=1)
    others = [row for row in range(len(best)) if best[row] != best[found.row]]
    return found.row, max(others, key=lambda row: float(np.nanmax(found.weights[row])), default=None)


def seen(rooms: Rooms, session: Shown, asked: Asked) -> None:
    """The first line: two heads that look at different pieces."""
    found = word(session, asked)
    if not found.chosen:
        return rooms.seen(_("Choose a piece: what does it look at in each head?"))
    one, other = two(found)
    known = {"query": found.view.query_chip(found.query)} | looks(found, one, asked, "")
    if other is None:
        return rooms.seen(_("{query}: head {head} looks most at {key} ({share}), and so do all."), **known)
    rooms.seen(template(asked.kind), **known, **looks(found, other, asked, "2"))


def template(kind: Kind) -> str:
    """How the first line begins: who looks is the piece at hand, or the state that is about to write it."""
    if kind == "cross":
        return _("About to write {query}, head {head} looks at {key} ({share}), head {head2} at {key2} ({share2}).")
    if kind == "decoder":
        return _("Having read {query}, head {head} looks at {key} ({share}), head {head2} at {key2} ({share2}).")
    return _("{query}: head {head} looks at {key} ({share}), head {head2} at {key2} ({share2}).")


def looks(found: Word, row: int, asked: Asked, end: str) -> dict[str, str]:
    """The name of a row's head, its strongest piece, and how much it gets."""
    key = int(np.nanargmax(found.weights[row]))
    head, share = numbered(*found.places[row], asked.layers), f"{found.weights[row, key]:.2f}"
    return {f"head{end}": head, f"key{end}": found.view.key_chip(key), f"share{end}": share}


def picture(session: Session, asked: Asked) -> Picture:
    """A line for each head, a column for each piece."""
    found = word(session, asked)
    view, several = found.view, len(asked.layers) > 1
    title = _("{piece} in every head").format(piece=label(view.query_pieces[found.query]))
    rows = [numbered(*place, asked.layers) for place in found.places]
    shown, keys = found.weights[:, view.columns], view.pieces[1]
    told = _("head {head} looks most at {key} ({share})")
    alt = "; ".join(told.format(**looks(found, row, asked, "")) for row in range(len(rows)))

    def take(cell: Cell) -> None:
        row, key = (int(number or 0) for number in cell[:2])
        choose_head(asked.kind, *found.places[row])
        attentions.chooser(view)([found.query, key])

    columns = [_("head"), *(f"{place + view.origin[1] + 1} {label(piece)}" for place, piece in enumerate(keys))]
    numbers = [[None if np.isnan(value) else value for value in row] for row in shown.tolist()]
    return Picture(
        title=title, alt=f"{title}. {alt}.", on_click=take,
        figure=head_grid.word(
            shown, rows, keys, names=(_("layer.head") if several else _("head"), view.names[1]), title=title,
            mode=session.mode, selected=(found.row, found.key) if found.chosen else None, first=view.origin[1],
            masked=_("masked: it comes later"),
        ),
        tell=lambda: tell(found, asked), table=(columns, [[row, *line] for row, line in zip(rows, numbers, strict=True)]),
    )  # fmt: skip


def tell(found: Word, asked: Asked) -> None:
    """Room 4: where the weight of the chosen head comes from."""
    if not found.chosen:
        return prose.nothing_chosen()
    weights.tell(found.view, asked.head or 0, found.query, found.key)


def values(session: Shown, asked: Asked) -> dict[str, str]:
    """For the lesson: which pieces the heads of the chosen layer look at most."""
    view = attentions.attention(session, asked.kind, asked.layer)
    query = attentions.chosen(session, view)[0]
    place = view.origin[0] if query is None else query
    best = view.weights[:, place].argmax(1)
    return {"word": view.query_chip(place), "different": str(len(set(best.tolist()))), "looking": str(len(best))}
