"""Attention rollout: how much of each input piece is in each position, as far as the weights of all layers so far tell; or, in their
place, the lengths of what each piece gives, weight times value times W_O through LayerNorm, with the residual path as it is."""

import itertools
from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from figures.heads import attention
from figures.labels import label
from pages.many_heads.heads import Asked, stacked
from transformer.analysis import contributions, head_roles
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.measures import arithmetic
from ui.measures.arithmetic import DotProduct
from ui.session import attentions
from ui.session.attentions import Attention, Shown
from ui.show import numpy_lines, prose, sums
from ui.show.picture import Picture
from ui.text import filled
from ui.text import translate as _

Shares = NDArray[np.float64]


def steps(session: Shown, asked: Asked) -> list[Shares]:
    """Each layer of the encoder, or of the decoder's self-attention, as shares (query, key): by weights, or by lengths."""
    if asked.drawn != "lengths":
        return [head_roles.step(view.weights) for view in stacked(session, asked.kind)]
    trace, model = session.walk.trace, session.checkpoint.model
    if asked.kind == "encoder":
        return [contributions.step(*pair) for pair in zip(trace.encoder.layers, model.encoder_layers, strict=True)]
    return [contributions.step(*pair) for pair in zip(trace.decoder.layers, model.decoder_layers, strict=True)]


def rolled(session: Shown, asked: Asked) -> list[Shares]:
    """The rollout after each layer: the steps multiplied from the first up."""
    return list(itertools.accumulate(steps(session, asked), lambda below, step: step @ below))


def strongest(whole: Shares, query: int, key: int | None) -> int:
    """The chosen key, or that other piece of which most is in the query."""
    if key is not None:
        return key
    others = [place for place in range(whole.shape[1]) if place != query] or [query]
    return max(others, key=lambda place: float(whole[query, place]))


def seen(rooms: Rooms, session: Shown, asked: Asked) -> None:
    """The first line: how much of itself and of another piece is left in the chosen one."""
    view, whole = attentions.attention(session, asked.kind, asked.layer), rolled(session, asked)[asked.layer]
    query, key = attentions.chosen(session, view)
    if query is None:
        return rooms.seen(_("Choose a piece: what is left in it of each piece that was read?"))
    key = strongest(whole, query, None if key == query else key)
    told = _("After layer {layer}, {query} holds {own} of itself and {share} of {key}, as far as weights tell.")
    if asked.drawn == "lengths":
        told = _("After layer {layer}, {query} holds {own} of itself and {share} of {key}, as far as lengths tell.")
    rooms.seen(told, layer=asked.layer + 1, query=view.query_chip(query), own=f"{whole[query, query]:.2f}",
               share=f"{whole[query, key]:.2f}", key=view.key_chip(key))  # fmt: skip


def picture(session: Session, asked: Asked) -> Picture:
    """Rollout from the input up to the chosen layer."""
    view, whole = attentions.attention(session, asked.kind, asked.layer), rolled(session, asked)
    query, key = attentions.chosen(session, view)
    shown = view.seen(whole[asked.layer])
    title = _("Rollout: {attention}, layers 1 to {layer}").format(
        attention=attentions.words(asked.kind), layer=asked.layer + 1
    )
    best = [(label(view.pieces[0][row]), label(view.pieces[1][int(line.argmax())])) for row, line in enumerate(shown)]
    alt = "; ".join(_("{query} holds most of {key}").format(query=q, key=k) for q, k in best[:12])
    columns = [
        _("piece"),
        *(f"{place + view.origin[1] + 1} {label(piece)}" for place, piece in enumerate(view.pieces[1])),
    ]
    rows = [[label(piece), *line] for piece, line in zip(view.pieces[0], shown.tolist(), strict=True)]
    return Picture(
        title=title, alt=f"{title}. {alt}.", on_click=attentions.chooser(view), table=(columns, rows),
        figure=attention.heatmap(
            shown, *view.pieces, names=view.names, title=title, mode=session.mode, value_name=_("share"),
            selected=None if query is None else (query, strongest(whole[asked.layer], query, key)), top=float(shown.max()),
            origin=view.origin, tall=270,
        ),
        tell=lambda: tell(view, steps(session, asked)[asked.layer], whole, query, key, asked.drawn == "lengths"),
    )  # fmt: skip


def tell(
    view: Attention, step: Shares, whole: Sequence[Shares], query: int | None, key: int | None, lengths: bool
) -> None:
    """Room 4: one number of the product of two steps."""
    if query is None:
        return prose.nothing_chosen()
    key = strongest(whole[view.layer], query, key)
    asks, looks_at, layer = view.query_chip(query), view.key_chip(key), view.layer
    told = _("How much of {key} is in {query} after layer {layer}, as far as weights tell: {share}")
    own = f"0.5 × {sums.number(float(view.weights[:, query, key].mean()))} + 0.5 × {int(query == key)} = "
    note = _("Half the mean of the heads, half the residual connection.")
    if lengths:
        told, own = _("How much of {key} is in {query} after layer {layer}, as far as lengths tell: {share}"), ""
        note = _(
            "The length of what this piece gives, the residual path with its own, as a share of the lengths of all."
        )
    title = filled(told, key=looks_at, query=asks, layer=layer + 1, share=sums.number(float(whole[layer][query, key])))
    lines = [sums.Line(escape(_("this layer")), f"{own}<b>{sums.number(float(step[query, key]))}</b>" + sums.why(note))]
    redo = None if lengths else numpy_lines.Redo(
        numbers={"weights": view.weights[:, query, key]}, result=f"weights.mean() / 2 + {int(query == key)} / 2",
        shows=sums.number(float(step[query, key])),
    )  # fmt: skip
    if layer:
        below = DotProduct(step[query], arithmetic.double(whole[layer - 1][:, key]))
        names = [_("by way of {piece}").format(piece=label(piece)) for piece in view.key_pieces]
        lines.append(sums.Line(escape(_("× the layers below")), sums.summed(below, names), True))
        redo = numpy_lines.product(below, sums.number(below.total), ("step", "below"))
    sums.show(title, lines, redo=redo)


def values(session: Shown, asked: Asked) -> dict[str, str]:
    """For the lesson: one number of the rollout, that which is chosen or else that of the piece it holds most of."""
    kept = asked if asked.kind != "cross" else Asked(
        picture=asked.picture, kinds=("encoder",), kind="encoder", layer=attentions.layers(session, "encoder") - 1, head=None,
        layers=(),
    )  # fmt: skip
    view, whole = attentions.attention(session, kept.kind, kept.layer), rolled(session, kept)
    query, key = attentions.chosen(session, view)
    query = view.origin[0] if query is None else query
    key = strongest(whole[kept.layer], query, key)
    return {
        "rolled": attentions.words(kept.kind), "rolled_layer": str(kept.layer + 1), "share": f"{whole[kept.layer][query, key]:.3f}",
        "share_query": view.query_chip(query), "share_key": view.key_chip(key),
        "share_query_tex": prose.tex(label(view.query_pieces[query])), "share_key_tex": prose.tex(label(view.key_pieces[key])),
        "share_mean": f"{view.weights[:, query, key].mean():.3f}",
    }  # fmt: skip
