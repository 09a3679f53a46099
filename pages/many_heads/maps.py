"""The maps of all heads, and the chosen one enlarged with what it does and where its numbers come from."""

from figures.heads import attention, head_grid
from figures.labels import label
from pages.many_heads import roles, weights
from pages.many_heads.heads import KINDS, Asked, choose_head, named, tiles
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.session import attentions, choice
from ui.session.attentions import Attention, Cell, Numbers
from ui.show.picture import Picture
from ui.text import translate as _


def picture(session: Session, asked: Asked) -> Picture:
    """All heads' maps."""
    drawn = [tiles(session, kind) for kind in asked.kinds]

    def take(cell: Cell) -> None:
        number, layer, head = (int(each or 0) for each in cell[:3])
        choose_head(KINDS[number], layer, head)
        attentions.chooser(attentions.attention(session, KINDS[number], layer))(cell[3:])

    count = sum(each.weights.shape[0] * each.weights.shape[1] for each in drawn)
    title = _("{count} heads, each with a map of its own").format(count=count)
    names = ", ".join(attentions.words(kind) for kind in asked.kinds)
    told = _("Rows are layers, columns are heads. {frame} is framed.").format(frame=named(asked))
    alt = f"{title}: {names}. {told}"
    shown = (asked.number, asked.layer, asked.head)
    return Picture(
        title=title, alt=alt, on_click=take,
        figure=head_grid.maps(
            drawn, selected=shown, title=title, mode=session.mode, layer_name=_("layer"), head_name=_("head")
        ),
        tell=lambda: tell(session, asked), table=roles.table(session, asked),
    )  # fmt: skip


def seen(rooms: Rooms, session: Session, asked: Asked) -> None:
    """The first line: what the chosen piece looks at in the chosen head."""
    view, found, cell = chosen_map(session, asked)
    if cell is None:
        return rooms.seen(_("Choose a piece or a map: who looks at whom?"))
    told = {
        "encoder": _("{query} gives {share} of its look to {key} in {who} of layer {layer}."),
        "decoder": _("Having read {query}, {who} of layer {layer} gives {share} of its look to {key}."),
        "cross": _("About to write {query}, {who} of layer {layer} gives {share} of its look to {key}."),
    }[asked.kind]
    who = _("the mean head") if asked.head is None else _("head {head}").format(head=asked.head + 1)
    rooms.seen(told, who=who, layer=asked.layer + 1, query=view.query_chip(cell[0]), key=view.key_chip(cell[1]),
               share=f"{found[cell]:.2f}")  # fmt: skip


def below(session: Session, asked: Asked) -> None:
    """The chosen head's map, large."""
    enlarged(session, asked).plot("head_picture", choice.scope(session.walk))


def tell(session: Session, asked: Asked) -> None:
    """Room 4: where the chosen weight comes from, and what the chosen head does."""
    view, _weights, cell = chosen_map(session, asked)
    tell_map(asked, view, cell)


def chosen_map(session: Session, asked: Asked) -> tuple[Attention, Numbers, tuple[int, int] | None]:
    """The attention of the enlarged map, its weights (all of them), and the cell that is chosen in it, or of a piece the strongest."""
    view = attentions.attention(session, asked.kind, asked.layer)
    query, key = attentions.chosen(session, view)
    found = view.weights.mean(0) if asked.head is None else view.weights[asked.head]
    if query is None:
        return view, found, None
    return view, found, (query, int(found[query].argmax()) if key is None else key)


def tell_map(asked: Asked, view: Attention, cell: tuple[int, int] | None) -> None:
    """Room 4: where the chosen weight comes from; without one, what the head does."""
    if cell is None:
        return roles.tell_role(named(asked), *roles.role_of(view, asked.head))
    if asked.head is None:
        return weights.tell_mean(view, *cell)
    weights.tell(view, asked.head, *cell)


def enlarged(session: Session, asked: Asked) -> Picture:
    """The chosen head's map, large."""
    view, found, cell = chosen_map(session, asked)
    shown = view.seen(found)
    told = _("{query} looks most at {key} ({weight})")
    best = [
        told.format(query=label(piece), key=label(view.pieces[1][int(row.argmax())]), weight=f"{row.max():.2f}")
        for piece, row in zip(view.pieces[0], shown, strict=True)
    ]
    return Picture(
        title=short(asked), alt=f"{named(asked)}. {'; '.join(best[:12])}.", on_click=attentions.chooser(view),
        figure=attention.heatmap(
            shown, *view.pieces, names=view.names, title=short(asked), mode=session.mode, selected=cell, origin=view.origin, tall=270,
        ),
        tell=lambda: tell_map(asked, view, cell), table=([], []),
    )  # fmt: skip


def short(asked: Asked) -> str:
    """The title of the enlarged map, which fits a telephone."""
    names = {"encoder": _("Encoder"), "decoder": _("Decoder"), "cross": _("Cross")}
    who = _("mean of the heads") if asked.head is None else _("head {head}").format(head=asked.head + 1)
    return _("{attention}: layer {layer}, {who}").format(attention=names[asked.kind], layer=asked.layer + 1, who=who)
