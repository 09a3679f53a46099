"""Add & Norm for one piece, number by number: the residual connection, then LayerNorm with its mean, deviation, gain and bias."""

from html import escape

import numpy as np

from figures.numbers import bands
from pages.the_stack import stack
from pages.the_stack.stack import Asked, Box
from transformer.layers import EPSILON
from ui.controls import dimension
from ui.frame import Session
from ui.session import pointed
from ui.session.attentions import Cell
from ui.show import sums
from ui.show.numpy_lines import Redo
from ui.show.picture import Picture
from ui.text import filled
from ui.text import translate as _

BAND = "norm_band"  # its key in the address
X, UPDATE, ADDED, SCALED, GAIN, BIAS, OUTPUT = range(7)


def band_words(box: Box) -> list[str]:
    """The names of the seven bands."""
    return ["x", stack.sub_words(box.sub), _("sum"), _("centred, scaled"), _("gain"), _("bias"), _("output")]


def picture(session: Session, asked: Asked) -> Picture:
    """Seven bands: x, what is added, the sum; the sum centred and scaled, gain, bias, output."""
    box = stack.box(session, asked.sentence, asked.layer, asked.sub)
    words = band_words(box)
    values = np.stack([box.x, box.update, box.added, box.scaled, box.gain, box.bias, box.output])
    norm = _("LayerNorm: mean {mean}, standard deviation {deviation}").format(
        mean=sums.number(box.mean), deviation=sums.number(box.deviation)
    )
    groups = ((_("Add"), words[:SCALED], values[:SCALED]), (norm, words[SCALED:], values[SCALED:]))
    band, column = chosen(box)
    who = stack.who(session, asked.sentence)
    title = _("Layer {layer}, {sub}: {who}").format(layer=asked.layer + 1, sub=stack.sub_words(asked.sub), who=who)
    rows = [[place, *row] for place, row in enumerate(values.T.tolist())]
    return Picture(
        title=title, alt=f"{title}. {norm}.", on_click=choose, table=([_("dimension"), *words], rows),
        figure=bands.bands(
            groups, names=(_("vector"), _("dimension")), title="", mode=session.mode, selected=(band, column),
        ),
        tell=lambda: tell(box, band, column),
    )  # fmt: skip


def chosen(box: Box) -> tuple[int, int]:
    """The band and the dimension that are told: those clicked; else the largest number that comes out."""
    band, column = pointed.chosen(BAND, OUTPUT + 1), dimension.chosen(len(box.x))
    return OUTPUT if band is None else band, int(np.abs(box.output).argmax()) if column is None else column


def choose(cell: Cell) -> None:
    """Point at `[band, 0, column]`. Only in callbacks."""
    pointed.choose(BAND, int(cell[0] or 0))
    dimension.choose(int(cell[-1] or 0))


def tell(box: Box, band: int, column: int) -> None:
    """Room 4: the whole chain of one dimension; the clicked step is marked."""
    title = filled(_("Dimension {column}: from {x} to {output}"), column=column, x=sums.number(float(box.x[column])),
                   output=sums.number(float(box.output[column])))  # fmt: skip
    sums.show(title, chain(box, band, column), redo=redo(box, band, column))


def redo(box: Box, band: int, column: int) -> Redo:
    """The clicked step of it in NumPy: the sum, the sum centred and scaled, or what comes out."""
    if band in (X, UPDATE, ADDED):
        numbers = {"x": float(box.x[column]), "update": float(box.update[column])}
        return Redo(numbers=numbers, result="x + update", shows=sums.number(float(box.added[column])))
    scaled, number = f"(added[{column}] - added.mean()) / np.sqrt(added.var() + {EPSILON})", {}
    if band != SCALED:
        number = {"gain": float(box.gain[column]), "bias": float(box.bias[column])}
    shown = box.scaled if band == SCALED else box.output
    return Redo(
        numbers={"x": box.x, "update": box.update, **number}, lines=["added = x + update"],
        result=scaled if band == SCALED else f"{scaled} * gain + bias", shows=sums.number(float(shown[column])),
    )  # fmt: skip


def chain(box: Box, band: int, column: int) -> list[sums.Line]:
    """Add, mean, deviation, centre and scale, gain and bias."""
    x, update, added, gain, bias = (float(each[column]) for each in (box.x, box.update, box.added, box.gain, box.bias))
    count, centred = len(box.x), added - box.mean
    scaled, output = centred / box.deviation, centred / box.deviation * gain + bias
    note = _("x, and what the sub-layer {sub} adds").format(sub=stack.sub_words(box.sub))
    spread = float(((box.added - box.mean) ** 2).sum())
    small = max(0.0, box.deviation**2 - spread / count)
    return [
        sums.Line(escape(_("add")), f"{sums.number(x)} + {sums.bracketed(update)} = <b>{sums.number(added)}</b>{sums.why(note)}",
                  band in (X, UPDATE, ADDED)),
        sums.Line(escape(_("mean")), f"{sums.number(float(box.added.sum()))} / {count} = <b>{sums.number(box.mean)}</b>"
                  + sums.why(_("The sum of all {count} dimensions of the vector, divided by {count}.").format(count=count))),
        sums.Line(escape(_("deviation")), f"√({sums.number(spread)} / {count} + {sums.number(small)}) = "
                  f"<b>{sums.number(box.deviation)}</b>"
                  + sums.why(_("The squares of all distances from the mean; a tiny number keeps it from being zero."))),
        sums.Line(escape(_("scale")), f"({sums.number(added)} − {sums.bracketed(box.mean)}) / {sums.number(box.deviation)} = "
                  f"<b>{sums.number(scaled)}</b>", band == SCALED),
        sums.Line(escape(_("gain, bias")), f"{sums.bracketed(scaled)} × {sums.number(gain)} + {sums.bracketed(bias)} = "
                  f"<b>{sums.number(output)}</b>" + sums.why(_("Gain and bias are learned, one of each for a dimension.")),
                  band in (GAIN, BIAS, OUTPUT)),
    ]  # fmt: skip
