"""What each head, the feed-forward network and the residual path add to one vector on its way up, by length, exactly."""

from dataclasses import dataclass, replace

import numpy as np

from pages.the_stack import path, stack
from pages.the_stack.stack import Asked, Vector
from transformer.analysis import contributions
from transformer.analysis.contributions import Station
from ui.measures.arithmetic import double
from ui.session import pointed
from ui.session.attentions import Cell, Shown
from ui.text import translate as _

ROW, PART = "flow_row", "flow_part"  # their keys in the address
CAME = 0  # the part that came in; then the heads, then the feed-forward network, then the biases


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The parts of the chosen piece's vector: in row 0 what came in, then a row for each Add & Norm box."""

    first: Vector  # d_model: the input, or what arrives of it at the top
    stations: list[Station]  # each as it adds, or as it arrives at the top
    last: Vector  # d_model: at the top
    whole: bool  # whether all is measured at the top

    @property
    def heads(self) -> int:
        """How many heads each attention has."""
        return max(len(box.heads) for box in self.stations)

    def vector(self, row: int, part: int) -> Vector | None:
        """What a part adds; `None` where a row has no such part."""
        if row == 0:
            return self.first if part == CAME else None
        box = self.stations[row - 1]
        if part == CAME:
            return None if self.whole else box.residual
        if part <= self.heads:
            return box.heads[part - 1] if len(box.heads) else None
        if part == self.heads + 1:
            return box.feed if box.sub == "feed" else None
        return box.bias

    def by_key(self, row: int, part: int) -> Vector | None:
        """What each key gives through a head (key, d_model); `None` if the part is no head."""
        if row == 0 or not 0 < part <= len(self.stations[row - 1].heads):
            return None
        each = self.stations[row - 1].by_key(part - 1)
        return contributions.arrived(each, self.stations[row:]) if self.whole else each

    @property
    def lengths(self) -> Vector:
        """The length of each part's vector (row, part); NaN where there is none."""
        found = [[self.vector(row, part) for part in range(self.heads + 3)] for row in range(len(self.stations) + 1)]
        return np.array([[float("nan") if each is None else path.length(each) for each in line] for line in found])

    def goal(self, row: int) -> Vector:
        """What the parts of a row add up to, or all of them if measured at the top."""
        return self.last if self.whole else self.first if row == 0 else self.stations[row - 1].output

    def beside(self, row: int) -> list[tuple[int, int]]:
        """The parts that add up to `goal(row)`: row and part of each."""
        rows = range(len(self.stations) + 1) if self.whole else (row,)
        return [(each, part) for each in rows for part in range(self.heads + 3) if self.vector(each, part) is not None]


def here(session: Shown, asked: Asked) -> Flow:
    """The parts of the chosen piece's vector, each where it is added."""
    return flow(session, replace(asked, measured="here"))


def flow(session: Shown, asked: Asked) -> Flow:
    """The same, measured where it is asked for."""
    layers = stack.layers(session, asked.sentence)
    modules = [stack.module(session, asked.sentence, layer) for layer in range(len(layers))]
    found = contributions.stations(layers, modules, asked.sentence.row)
    first, whole = double(layers[0].input[0, asked.sentence.row].numpy()), asked.measured == "top"
    last = found[-1].output
    if whole:
        first, found = contributions.at_the_top(found, first)
    return Flow(first=first, stations=found, last=last, whole=whole)


def part_words(heads: int) -> list[str]:
    """The names of the parts."""
    each = [_("head {head}").format(head=head + 1) for head in range(heads)]
    return [_("came in"), *each, _("feed-forward"), _("biases")]


def chosen(found: Flow) -> tuple[int, int]:
    """The part that was clicked, or else the longest that a head or the feed-forward network adds."""
    lengths = found.lengths
    row, part = pointed.chosen(ROW, len(lengths)), pointed.chosen(PART, lengths.shape[1])
    if row is not None and part is not None and np.isfinite(lengths[row, part]):
        return row, part
    return most(lengths[:, 1:-1], 1)


def most(lengths: Vector, shift: int) -> tuple[int, int]:
    """The row and part of the longest, the part counted from `shift`."""
    row, part = np.unravel_index(int(np.nanargmax(lengths)), lengths.shape)
    return int(row), int(part) + shift


def choose(cell: Cell) -> None:
    """Point at `[row, part]`. Only in callbacks."""
    pointed.choose(ROW, int(cell[0] or 0))
    pointed.choose(PART, int(cell[1] or 0))


def forget() -> None:
    """Point at no part. Only in callbacks."""
    pointed.choose(ROW, None)
    pointed.choose(PART, None)
