"""The pictures that compare the model as it is with the changed one."""

from collections.abc import Collection

import numpy as np

from figures.changed import before_after
from figures.labels import label
from figures.theme import Mode
from transformer.what_if import Kind
from ui.changed import outcome as outcomes
from ui.changed.outcome import Compared
from ui.changed.telling import place_of
from ui.frame import Session
from ui.session import attentions, choice
from ui.session.attentions import Attention, Cell
from ui.show.picture import Picture
from ui.text import translate as _


def sides() -> tuple[str, str]:
    """The names of both models."""
    return _("as it is"), _("changed")


def chances(session: Session, pair: Compared) -> Picture:
    """How likely each piece of the reference is, before and after; before alone while nothing is changed."""
    walk = session.walk
    rows, (before, after) = attentions.drawn(walk.written, session.special), (each.chances for each in pair)
    changed = pair.before is not pair.after
    title = _("Probability of each piece of the translation above")
    columns, numbers = [_("place"), _("piece"), *sides()[: 1 + changed]], [before, after][: 1 + changed]
    table = [[place + 1, label(piece), *(each[place] for each in numbers)] for place, piece in enumerate(walk.written)]
    told = "; ".join(f"{row[1]} {' → '.join(f'{chance:.2f}' for chance in row[2:])}" for row in table[:20])
    return Picture(
        title=title, alt=f"{title}. {told}.", table=(columns, table), tell=lambda: None,
        on_click=lambda cell: choice.set_place(choice.WRITTEN, int(cell[0] or 0)),
        figure=before_after.chances(
            walk.written[rows], before[rows], after[rows] if changed else None, sides=sides(), axis_title=_("probability"),
            piece_name=_("piece of the translation above"), title=title, mode=session.mode,
            selected=place_of(session, pair), first=rows.start,
        ),
    )  # fmt: skip


def both(session: Session, pair: Compared, kind: Kind, layer: int) -> tuple[Attention, Attention]:
    """One attention of the model as it is, and of the changed one."""
    before = attentions.attention(session, kind, layer)
    if pair.before is pair.after:
        return before, before
    return before, attentions.attention(outcomes.seen(session, pair.after), kind, layer)


def maps(
    views: tuple[Attention, Attention], head: int | None, title: str, mode: Mode, edited: Collection[int] = (),
    selected: tuple[int, int] | None = None,
) -> Picture:  # fmt: skip
    """The map of a head, or the mean of all, as it is and changed."""
    before, after = (view.weights.mean(0) if head is None else view.weights[head] for view in views)
    view, far = views[0], np.abs(after - before).sum(-1) / 2
    shown = view.seen(before), view.seen(after)
    moved = _("{query} looks elsewhere with {share} of its weight")
    rows = [
        moved.format(query=label(view.query_pieces[row]), share=f"{far[row]:.2f}") for row in np.argsort(-far)[:6]
        if far[row] >= 0.005
    ]  # fmt: skip
    told = "; ".join(rows) if rows else _("Both maps are the same")
    columns = [_("side"), _("piece"), *(f"{place + 1} {label(piece)}" for place, piece in enumerate(view.key_pieces))]
    table = [
        [name, label(piece), *line]
        for name, side in zip(sides(), (before, after), strict=True)
        for piece, line in zip(view.query_pieces, side.tolist(), strict=True)
    ]
    choose = attentions.chooser(view)

    def take(cell: Cell) -> None:
        choose(cell[1:])

    return Picture(
        title=title, alt=f"{title}. {told}.", on_click=take, tell=lambda: None, table=(columns, table),
        figure=before_after.maps(
            *shown, *view.pieces, names=view.names, sides=sides(), title=title, mode=mode, origin=view.origin,
            edited=list(edited), selected=selected,
        ),
    )  # fmt: skip
