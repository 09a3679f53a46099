"""The feed-forward network for one piece: which hidden units fire, and where one unit's number comes from."""

from dataclasses import dataclass
from html import escape

import numpy as np

from figures.numbers import bands
from pages.the_stack import stack
from pages.the_stack.stack import Asked, Table, Vector
from ui.frame import Session
from ui.measures.arithmetic import DotProduct, double
from ui.session import pointed
from ui.session.attentions import Cell, Shown
from ui.show import numpy_lines, sums
from ui.show.picture import Picture
from ui.text import filled
from ui.text import translate as _

UNIT = "unit"  # its key in the address
STRONGEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """One layer's feed-forward network at one position."""

    x: Vector  # d_model: what it reads
    hidden: Vector  # d_ff: before the ReLU
    active: Vector  # d_ff: after it
    first: Vector  # W_1: d_model d_ff
    bias: Vector  # b_1: d_ff
    second: Vector  # W_2: d_ff d_model

    @property
    def fires(self) -> int:
        """How many units are above zero."""
        return int((self.active > 0).sum())

    @property
    def strongest(self) -> list[int]:
        """The units with the largest numbers after the ReLU, the largest first."""
        return [int(unit) for unit in np.argsort(-self.hidden, kind="stable")[:STRONGEST]]

    def cell(self, unit: int) -> DotProduct:
        """The sum behind a unit's number before the ReLU."""
        return DotProduct(self.x, self.first[:, unit], float(self.bias[unit]))


def firing(session: Shown, asked: Asked, layer: int) -> Firing:
    """The chosen piece in a layer."""
    x, trace = stack.feed_forward(session, asked.sentence, layer)
    network, row = stack.module(session, asked.sentence, layer).feed_forward, asked.sentence.row
    return Firing(
        x=x, hidden=stack.at(trace.hidden, row), active=stack.at(trace.active, row),
        first=double(network.W_1.weight.numpy(force=True).T), bias=double(network.W_1.bias.numpy(force=True)),
        second=double(network.W_2.weight.numpy(force=True).T),
    )  # fmt: skip


def picture(session: Session, asked: Asked) -> Picture:
    """All hidden units before and after the ReLU."""
    found = firing(session, asked, asked.layer)
    count, unit = len(found.hidden), chosen(found)
    who = stack.who(session, asked.sentence)
    title = _("{who}, layer {layer}: {fires} of {count} units fire").format(
        who=who, layer=asked.layer + 1, fires=found.fires, count=stack.whole(count)
    )
    told = ", ".join(f"{_('unit')} {each}: {found.active[each]:.2f}" for each in found.strongest)
    rows = [
        [each, *numbers] for each, numbers in enumerate(zip(found.hidden.tolist(), found.active.tolist(), strict=True))
    ]
    return Picture(
        title=title, alt=f"{title}. {_('The strongest')}: {told}.", on_click=choose,
        table=([_("unit"), _("before ReLU"), _("after ReLU")], rows),
        figure=bands.units(
            ((_("before ReLU"), found.hidden), (_("after ReLU"), found.active)), unit_name=_("unit"), title="",
            mode=session.mode, selected=unit,
        ),
        tell=lambda: tell(found, unit),
    )  # fmt: skip


def chosen(found: Firing) -> int:
    """The unit that is told: the one clicked, else the strongest."""
    unit = pointed.chosen(UNIT, len(found.hidden))
    return found.strongest[0] if unit is None else unit


def ranked(session: Shown, asked: Asked) -> Table:
    """The strongest units and their numbers after the ReLU, the strongest first."""
    found = firing(session, asked, asked.layer)
    return [_("unit"), _("after ReLU")], [[unit, float(found.active[unit])] for unit in found.strongest]


def choose(cell: Cell) -> None:
    """Point at a unit. Only in callbacks."""
    pointed.choose(UNIT, int(cell[0] or 0))


def tell(found: Firing, unit: int) -> None:
    """Room 4: the dot product before the ReLU, the ReLU, and what the unit gives to the output."""
    dot = found.cell(unit)
    active = max(0.0, dot.total)
    row = found.second[unit]
    product = f"{sums.number(active)} × {sums.vector(row.tolist())} = <b>{sums.vector((active * row).tolist())}</b>"
    gives = _("The unit adds this vector of length {length} to the output.")
    note = gives.format(length=sums.number(active * float(np.linalg.norm(row))))
    adds = product + sums.why(note) if active else escape(_("The unit is silent, so it adds nothing to the output."))
    lines = [
        sums.Line("x · W_1 + b_1", sums.summed(dot, bias=True), True),
        sums.Line("ReLU", f"max(0, {sums.number(dot.total)}) = <b>{sums.number(active)}</b>"),
        sums.Line("× W_2", adds),
    ]
    fires = _("it fires") if active else _("it is silent")
    redo = numpy_lines.Redo(
        numbers={"x": dot.left, "W_1": dot.right, "b_1": dot.bias}, result="max(0, x @ W_1 + b_1)", shows=sums.number(active)
    )  # fmt: skip
    sums.show(filled(_("Unit {unit}: {fires}"), unit=unit, fires=fires), lines, redo=redo)


def shares(session: Shown, asked: Asked) -> list[tuple[int, int, float]]:
    """By layer: how many units fire for the chosen piece, of how many, and the mean share over the whole sentence."""
    found = []
    for layer in range(len(stack.layers(session, asked.sentence))):
        active = stack.feed_forward(session, asked.sentence, layer)[1].active[0].numpy() > 0
        found.append((int(active[asked.sentence.row].sum()), active.shape[1], float(active.mean())))
    return found


def share_words(session: Shown, asked: Asked) -> str:
    """`layer 1: 54 of 1024 (5.3 %; whole sentence 5.2 %)`."""
    told = _("layer {layer}: {fires} of {count} ({share} %; whole sentence {mean} %)")
    return "; ".join(
        told.format(layer=layer, fires=fires, count=count, share=f"{100 * fires / count:.1f}", mean=f"{100 * mean:.1f}")
        for layer, (fires, count, mean) in enumerate(shares(session, asked), 1)
    )
