"""Attention rollout: how much of each input piece is in each position, as far as the weights of all layers so far tell."""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from figures.heads import attention
from figures.labels import label
from pages.many_heads.heads import Asked, stacked
from transformer.analysis import head_roles
from ui.frame import Session
from ui.measures import arithmetic
from ui.measures.arithmetic import DotProduct
from ui.session import attentions
from ui.session.attentions import Attention, Shown
from ui.show import prose, sums
from ui.show.picture import Picture
from ui.text import filled
from ui.text import translate as _

Shares = NDArray[np.float64]


def rolled(session: Shown, asked: Asked) -> list[Shares]:
    """Attention rollout after each layer of the encoder, or of the decoder's self-attention."""
    return head_roles.rollout([view.weights for view in stacked(session, asked.kind)])


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
            selected=None if query is None or key is None else (query, key), top=float(shown.max()), origin=view.origin,
        ),
        tell=lambda: tell(view, whole, query, key),
    )  # fmt: skip


def tell(view: Attention, whole: Sequence[Shares], query: int | None, key: int | None) -> None:
    """Room 4: one number of the product of two steps."""
    if query is None or key is None:
        return prose.cell(_("Click a cell to see where its number comes from."))
    asks, looks_at, layer = label(view.query_pieces[query]), label(view.key_pieces[key]), view.layer
    step, mean = head_roles.step(view.weights), float(view.weights[:, query, key].mean())
    title = filled(_("How much of {key} is in {query} after layer {layer}, as far as weights tell: {share}"),
                   key=looks_at, query=asks, layer=layer + 1, share=sums.number(float(whole[layer][query, key])))  # fmt: skip
    one = int(query == key)
    lines = [sums.Line(escape(_("this layer")),
                       f"0.5 × {sums.number(mean)} + 0.5 × {one} = <b>{sums.number(float(step[query, key]))}</b>"
                       + sums.why(_("Half the mean of the heads, half the residual connection.")))]  # fmt: skip
    if layer:
        below = DotProduct(step[query], arithmetic.double(whole[layer - 1][:, key]))
        names = [_("by way of {piece}").format(piece=label(piece)) for piece in view.key_pieces]
        lines.append(sums.Line(escape(_("× the layers below")), sums.summed(below, names), True))
    sums.show(title, lines)


def values(session: Shown, asked: Asked) -> dict[str, str]:
    """For the lesson: one number of the rollout, that which is chosen or else the piece's own."""
    kept = asked if asked.kind != "cross" else Asked(
        picture=asked.picture, kinds=("encoder",), kind="encoder", layer=attentions.layers(session, "encoder") - 1, head=None
    )  # fmt: skip
    view, whole = attentions.attention(session, kept.kind, kept.layer), rolled(session, kept)
    query, key = attentions.chosen(session, view)
    query = view.origin[0] if query is None else query
    key = query if key is None else key
    return {
        "rolled": attentions.words(kept.kind), "rolled_layer": str(kept.layer + 1), "share": f"{whole[kept.layer][query, key]:.3f}",
        "share_query": label(view.query_pieces[query]), "share_key": label(view.key_pieces[key]),
        "share_query_tex": prose.tex(label(view.query_pieces[query])), "share_key_tex": prose.tex(label(view.key_pieces[key])),
        "share_mean": f"{view.weights[:, query, key].mean():.3f}",
    }  # fmt: skip
