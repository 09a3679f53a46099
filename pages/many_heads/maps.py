"""The maps of all heads, and the chosen one enlarged with what it does and where its numbers come from."""

from figures.heads import attention, head_grid
from figures.labels import label
from pages.many_heads import concatenation, roles
from pages.many_heads.heads import KINDS, Asked, choose_head, named, tiles
from ui.frame import Session
from ui.measures import arithmetic
from ui.session import attentions, choice
from ui.session.attentions import Attention, Cell, Numbers
from ui.show import sums
from ui.show.picture import Picture
from ui.text import filled
from ui.text import translate as _


def picture(session: Session, asked: Asked) -> Picture:
    """All heads' maps; below them the chosen one's number."""
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


def tell(session: Session, asked: Asked) -> None:
    """Room 4: the chosen head's map, large, and what is told of it."""
    large = enlarged(session, asked)
    large.plot("head_picture", choice.scope(session.walk))
    large.tell()


def chosen_map(session: Session, asked: Asked) -> tuple[Attention, Numbers, tuple[int, int] | None]:
    """The attention of the enlarged map, its weights (all of them), and the cell that is chosen in it."""
    view = attentions.attention(session, asked.kind, asked.layer)
    query, key = attentions.chosen(session, view)
    weights = view.weights.mean(0) if asked.head is None else view.weights[asked.head]
    return view, weights, None if query is None or key is None else (query, key)


def tell_map(session: Session, asked: Asked, view: Attention) -> None:
    """Room 4: what the chosen head does, and where the chosen weight comes from."""
    _view, weights, cell = chosen_map(session, asked)
    found, expected, is_called = roles.role_of(view, asked.head)
    if cell is None:
        return roles.tell_role(named(asked), found, expected, is_called)
    query, key = cell
    asks, looks_at = label(view.query_pieces[query]), label(view.key_pieces[key])
    if asked.head is None:
        title = filled(_("How much {query} looks at {key}: the mean of {count} heads"), query=asks, key=looks_at,
                       count=len(view.weights))  # fmt: skip
        names = [_("head {head}").format(head=head + 1) for head in range(len(view.weights))]
        line = f"({concatenation.added(view.weights[:, query, key].tolist(), names)}) / {len(view.weights)} = "
        return sums.show(title, [sums.Line("Σ α / h", f"{line}<b>{sums.number(float(weights[query, key]))}</b>")])
    whole = arithmetic.weighing(
        view.queries[asked.head], view.keys[asked.head], view.values[asked.head], view.mask, query, key
    )
    foot = sums.why(f"{named(asked)}: {is_called}.")
    sums.weighing(whole, asks, looks_at, 4, int(view.mask[query].sum()), foot)


def enlarged(session: Session, asked: Asked) -> Picture:
    """The chosen head's map, large."""
    view, weights, cell = chosen_map(session, asked)
    shown = view.seen(weights)
    told = _("{query} looks most at {key} ({weight})")
    best = [
        told.format(query=label(piece), key=label(view.pieces[1][int(row.argmax())]), weight=f"{row.max():.2f}")
        for piece, row in zip(view.pieces[0], shown, strict=True)
    ]
    return Picture(
        title=short(asked), alt=f"{named(asked)}. {'; '.join(best[:12])}.", on_click=attentions.chooser(view),
        figure=attention.heatmap(
            shown, *view.pieces, names=view.names, title=short(asked), mode=session.mode, selected=cell, origin=view.origin
        ),
        tell=lambda: tell_map(session, asked, view), table=([], []),
    )  # fmt: skip


def short(asked: Asked) -> str:
    """The title of the enlarged map, which fits a telephone."""
    names = {"encoder": _("Encoder"), "decoder": _("Decoder"), "cross": _("Cross")}
    who = _("mean of the heads") if asked.head is None else _("head {head}").format(head=asked.head + 1)
    return _("{attention}: layer {layer}, {who}").format(attention=names[asked.kind], layer=asked.layer + 1, who=who)
