"""The three pictures of the stack, by their name in the address, and the numbers of their lesson."""

import numpy as np

from pages.the_stack import add_norm, firing, path, stack
from pages.the_stack.stack import Asked
from transformer.layers import EPSILON
from ui.controls import dimension
from ui.frame import Session
from ui.session import pointed
from ui.session.attentions import Shown
from ui.show import prose
from ui.show.picture import Picture

PICTURES = {"path": path.picture, "norm": add_norm.picture, "feed": firing.picture}


def remember() -> None:
    """Draw the hidden fields of what is clicked; first in the fragment."""
    dimension.remember()
    pointed.remember(path.CURVE, path.STATION, add_norm.BAND, firing.UNIT)


def picture(session: Session, asked: Asked) -> Picture:
    """What the controls ask for."""
    return PICTURES[asked.picture](session, asked)


def values(session: Shown, asked: Asked) -> dict[str, str]:
    """The numbers in the lesson."""
    box = stack.box(session, asked.sentence, asked.layer, asked.sub)
    return walked(session, asked) | normed(box) | fired(session, asked) | {
        "who": stack.who(session, asked.sentence), "layer": str(asked.layer + 1),
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
    chosen = dimension.chosen(len(box.x))
    column = int(np.abs(box.output).argmax()) if chosen is None else chosen
    each = {"x": box.x, "update": box.update, "sum": box.added, "scaled": box.scaled, "gain": box.gain, "bias": box.bias,
            "output": box.output}  # fmt: skip
    numbers = {name: f"{float(vector[column]):.4f}" for name, vector in each.items()}
    return numbers | {"column": str(column), "mean": f"{box.mean:.4f}", "deviation": f"{box.deviation:.4f}"}


def fired(session: Shown, asked: Asked) -> dict[str, str]:
    """The units that fire, and one of them: the chosen one, or the strongest."""
    found = firing.firing(session, asked, asked.layer)
    chosen = pointed.chosen(firing.UNIT, len(found.hidden))
    unit = found.strongest[0] if chosen is None else chosen
    dot = found.cell(unit)
    return {
        "d_ff": f"{len(found.hidden):,}", "fires": str(found.fires), "fire_share": f"{100 * found.fires / len(found.hidden):.1f}",
        "shares": firing.share_words(session, asked), "unit": str(unit), "before": f"{dot.total:.4f}",
        "after": f"{max(0.0, dot.total):.4f}", "product": f"{dot.total - dot.bias:.4f}", "unit_bias": f"{dot.bias:.4f}",
    }  # fmt: skip
