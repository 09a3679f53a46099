"""The four pictures of the stack, by their name in the address, and the numbers of their lesson."""

import numpy as np

from pages.the_stack import add_norm, firing, flow, flow_shown, path, stack
from pages.the_stack.stack import Asked
from transformer.layers import EPSILON
from ui.controls import dimension
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.session import pointed
from ui.session.attentions import Shown
from ui.show import prose, sums, tables
from ui.show.picture import Picture
from ui.text import translate as _

PICTURES = {"path": path.picture, "flow": flow_shown.picture, "norm": add_norm.picture, "feed": firing.picture}
LITTLE = 0.05  # a cosine below it is as good as none


def remember() -> None:
    """Draw the hidden fields of what is clicked; first in the fragment."""
    dimension.remember()
    pointed.remember(path.CURVE, path.STATION, add_norm.BAND, firing.UNIT, flow.ROW, flow.PART)


def picture(session: Session, asked: Asked) -> Picture:
    """What the controls ask for."""
    return PICTURES[asked.picture](session, asked)


def see(rooms: Rooms, session: Shown, asked: Asked) -> None:
    """The first line: what the sub-layers did to the chosen piece, or to the position that has read it."""
    if asked.picture == "flow":
        return flow_shown.see(rooms, session, asked)
    sentence, found, layer = asked.sentence, path.path(session, asked), asked.layer + 1
    cosine = found.curves[path.START][-1]
    box = stack.box(session, sentence, asked.layer, asked.sub)
    units = firing.firing(session, asked, asked.layer)
    rooms.seen(
        templates(asked, cosine)[asked.picture], piece=stack.piece(session, sentence), next=stack.next_piece(session, sentence),
        boxes=len(found.boxes), cosine=sums.number(cosine, 2), layer=layer, sub=stack.sub_words(asked.sub).lower(),
        update=sums.number(path.length(box.update), 1), x=sums.number(path.length(box.x), 1), fires=units.fires,
        count=stack.whole(len(units.hidden)),
    )  # fmt: skip


def templates(asked: Asked, cosine: float) -> dict[str, str]:
    """The sentences of the first line."""
    if asked.sentence.side == "source":
        return {
            "path": _("{boxes} sub-layers add to {piece}; at the top its cosine with the start is {cosine}."),
            "norm": _("In layer {layer}, {sub} adds a vector {update} long to that of {piece}, which is {x} long."),
            "feed": _("In layer {layer}, {fires} of {count} units fire for {piece}; the others stay silent."),
        }
    return {
        "path": _("Read {piece}, about to write {next}: after {boxes} additions the cosine with the start is {cosine}.")
        if cosine > LITTLE
        else _(
            "Read {piece}, about to write {next}: after {boxes} additions hardly anything of {piece} is left (cosine {cosine})."
        ),
        "norm": _(
            "Read {piece}, about to write {next}: in layer {layer}, {sub} adds a vector {update} long to one of {x}."
        ),
        "feed": _("Read {piece}, about to write {next}: in layer {layer}, {fires} of {count} units fire."),
    }


def more(session: Shown, asked: Asked) -> None:
    """Below the units: the strongest as a table."""
    if asked.picture == "feed":
        tables.folded(_("The strongest units"), *firing.ranked(session, asked), "strongest")


def values(session: Shown, asked: Asked) -> dict[str, str]:
    """The numbers in the lesson."""
    box = stack.box(session, asked.sentence, asked.layer, asked.sub)
    flowing = flow_shown.values(session, asked) if asked.picture == "flow" else {}
    return flowing | walked(session, asked) | normed(box) | fired(session, asked) | {
        "who": stack.who(session, asked.sentence), "piece": stack.piece(session, asked.sentence), "layer": str(asked.layer + 1),
        "sub": stack.sub_words(asked.sub), "sub_tex": prose.tex(stack.sub_words(asked.sub)),
    }  # fmt: skip


def walked(session: Shown, asked: Asked) -> dict[str, str]:
    """The path from the first station to the last."""
    found = path.path(session, asked)
    return {
        "epsilon": f"{EPSILON:.5f}", "boxes": str(len(found.boxes)), "d_model": str(len(found.vectors[0])),
        "start": f"{found.curves[path.LENGTH][0]:.2f}", "end": f"{found.curves[path.LENGTH][-1]:.2f}",
        "added_least": f"{np.nanmin(found.curves[path.ADDED]):.2f}", "added_most": f"{np.nanmax(found.curves[path.ADDED]):.2f}",
        "cosine": f"{found.curves[path.START][-1]:.2f}",
    }  # fmt: skip


def normed(box: stack.Box) -> dict[str, str]:
    """One dimension of an Add & Norm box: the chosen one, or that of the largest output."""
    column = add_norm.chosen(box)[1]
    each = {"x": box.x, "update": box.update, "sum": box.added, "scaled": box.scaled, "gain": box.gain, "bias": box.bias,
            "output": box.output}  # fmt: skip
    numbers = {name: f"{float(vector[column]):.3f}" for name, vector in each.items()}
    return numbers | {"column": str(column), "mean": f"{box.mean:.3f}", "deviation": f"{box.deviation:.3f}"}


def fired(session: Shown, asked: Asked) -> dict[str, str]:
    """The units that fire, and one of them: the chosen one, or the strongest."""
    found = firing.firing(session, asked, asked.layer)
    unit = firing.chosen(found)
    dot = found.cell(unit)
    return {
        "d_ff": stack.whole(len(found.hidden)), "fires": str(found.fires), "fire_share": f"{100 * found.fires / len(found.hidden):.1f}",
        "shares": firing.share_words(session, asked), "unit": str(unit), "before": f"{dot.total:.3f}",
        "after": f"{max(0.0, dot.total):.3f}", "product": f"{dot.total - dot.bias:.3f}", "unit_bias": f"{dot.bias:.3f}",
    }  # fmt: skip
