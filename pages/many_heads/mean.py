"""The mean of any chosen heads of any layers, as a map or as lines between the pieces."""

from html import escape

import numpy as np
from numpy.typing import NDArray

from figures import describe
from figures.heads import attention, lines
from pages.many_heads import chosen_heads, weights
from pages.many_heads.heads import Asked, asking
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.measures.arithmetic import DotProduct, double
from ui.session import attentions
from ui.session.attentions import Attention, Shown
from ui.show import prose, sums
from ui.show.picture import Picture
from ui.text import filled
from ui.text import translate as _

TALL = 165  # pixels of the map, if its rows allow, below the board of heads


def averaged(session: Shown, asked: Asked) -> tuple[Attention, NDArray[np.float64]]:
    """The pieces, and the weights of each chosen head (head, query, key), in the order of `asked.among`."""
    views = {
        layer: attentions.attention(session, asked.kind, layer) for layer in {layer for layer, _head in asked.among}
    }
    view = attentions.attention(session, asked.kind, asked.layer)
    each = [double(views[layer].weights[head]) for layer, head in asked.among]
    return view, np.stack(each) if each else np.empty((0, *view.mask.shape))


def cell(session: Shown, view: Attention, mean: NDArray[np.float64]) -> tuple[int, int] | None:
    """The chosen query and key, or the key that the mean looks at most; `None` if no piece is chosen."""
    query, key = attentions.chosen(session, view)
    return None if query is None else (query, int(mean[query].argmax()) if key is None else key)


def seen(rooms: Rooms, session: Shown, asked: Asked) -> None:
    """The first line: what the chosen piece looks at on average, and where the heads are of two minds."""
    view, each = averaged(session, asked)
    if not len(each):
        return rooms.seen(_("No head is chosen. Check some: what do they look at together?"))
    found = cell(session, view, each.mean(0))
    if found is None:
        return rooms.seen(_("Choose a piece: what do the chosen heads look at together?"))
    who, known = asking(session, view, found[0])
    told = _("{who}: {count} heads together give {share} of their look to {key}; one alone {least} to {most}.")
    if len(each) == 1:
        told = _("{who}: this head gives {share} of its look to {key}.")
    own = each[:, found[0], found[1]]
    rooms.seen(
        told.replace("{who}", who), count=len(each), share=f"{own.mean():.2f}", key=view.key_chip(found[1]),
        least=f"{own.min():.2f}", most=f"{own.max():.2f}", **known,
    )  # fmt: skip


def picture(session: Session, asked: Asked) -> Picture | None:
    """The mean, as a map or as lines; `None` if no head is chosen."""
    view, each = averaged(session, asked)
    if not len(each):
        return None
    mean = each.mean(0)
    shown, found = view.seen(mean), cell(session, view, mean)
    title = chosen_heads.of(asked.kind, asked.among, attentions.layers(session, asked.kind), session.walk.heads)
    if asked.drawn == "lines":
        figure = lines.lines(
            shown, *view.pieces, query=None if found is None else found[0], names=view.names, title="", mode=session.mode,
            origin=view.origin, places=coloured(view), tall=TALL,
        )  # fmt: skip
    else:
        figure = attention.heatmap(
            shown, *view.pieces, names=view.names, title="", mode=session.mode, selected=found, origin=view.origin,
            value_name=_("mean weight") if len(each) > 1 else _("weight"), tall=TALL,
        )  # fmt: skip
    return Picture(
        title=title, alt=f"{title}. {describe.sentence(shown, *view.pieces)}", figure=figure,
        on_click=attentions.chooser(view), tell=lambda: tell(view, each, asked, found),
        table=(describe.column_names(view.pieces[1]), describe.table(shown, *view.pieces)),
    )  # fmt: skip


def coloured(view: Attention) -> tuple[range, range]:
    """The places of the drawn queries and keys in their sentences, whose colours they have; the start piece stands before the first."""
    shift = int(view.kind == "decoder")
    starts = [origin - shift for origin in view.origin]
    asks, keys = (range(start, start + len(pieces)) for start, pieces in zip(starts, view.pieces, strict=True))
    return asks, keys


def tell(view: Attention, each: NDArray[np.float64], asked: Asked, found: tuple[int, int] | None) -> None:
    """Room 4: the mean of which weights; of one head alone where its weight comes from."""
    if found is None:
        return prose.nothing_chosen()
    if len(each) == 1:
        return weights.tell(view, asked.among[0][1], *found)
    own, names = each[:, found[0], found[1]], [chosen_heads.numbered(place) for place in asked.among]
    dot = DotProduct(own, np.full(len(own), 1 / len(own)))
    title = filled(
        _("How much {query} looks at {key}: the mean of {count} weights, one of each chosen head"),
        query=view.query_chip(found[0]), key=view.key_chip(found[1]), count=len(own),
    )  # fmt: skip
    named = [_("head {head}").format(head=name) for name in names]
    low, high = int(own.argmin()), int(own.argmax())
    spread = " … ".join(sums.term(sums.number(float(own[at])), named[at]) for at in (low, high))
    sums.show(title, [sums.Line("Σ α / n", sums.summed(dot, named), True), sums.Line(escape(_("least, most")), spread)])


def values(session: Shown, asked: Asked) -> dict[str, str]:
    """For the lesson: the row of the chosen piece, in the mean and in the head that is surest."""
    view, each = averaged(session, asked)
    query = attentions.chosen(session, view)[0]
    query = view.origin[0] if query is None else query
    if not len(each):
        each, names = double(view.weights[:1]), ["1.1"]
    else:
        names = [chosen_heads.numbered(place) for place in asked.among]
    mean, top = each.mean(0)[query], each[:, query].max(1)
    key, sure = int(mean.argmax()), int(top.argmax())
    terms = " + ".join(f"{value:.3f}" for value in each[:4, query, key]) + (r" + \dots" if len(each) > 4 else "")
    return {
        "mean_word": view.query_chip(query), "mean_key": view.key_chip(key), "mean_share": f"{mean[key]:.2f}", "mean_count": str(len(each)),
        "sure_head": names[sure], "sure_share": f"{top[sure]:.2f}", "sure_key": view.key_chip(int(each[sure, query].argmax())),
        "mean_terms": terms, "mean_exact": f"{mean[key]:.3f}", "mean_key_tex": prose.tex(view.key_chip(key)),
        "mean_word_tex": prose.tex(view.query_chip(query)),
    }  # fmt: skip
