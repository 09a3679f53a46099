"""Where the change enters and where it dies out: how far apart the vectors of each piece are in both sentences, layer by layer."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from figures.changed import two_sentences
from figures.labels import label
from pages.compare.beside import ONLY_ROW, Two, at, piece
from pages.compare.sides import Side
from transformer.analysis.compare import Numbers, Pairing, drift, paired
from ui import controls
from ui.frame import Session
from ui.session import chips, choice, pointed
from ui.session.walk import Walk, array
from ui.show import sums
from ui.show.live_plot import Cell
from ui.show.numpy_lines import Redo
from ui.show.picture import Picture
from ui.show.sums import Line, number
from ui.text import Chip, filled
from ui.text import translate as _

STAGE = "cmp_stage"  # its key in the address


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """The vectors of both sentences, of the encoder or of the decoder."""

    side: str  # source, target
    pieces: tuple[tuple[str, ...], tuple[str, ...]]
    rows: Pairing
    vectors: tuple[Numbers, Numbers]  # of each sentence: station piece d_model
    far: Numbers  # row station: NaN for a piece that only one sentence has

    @property
    def mean(self) -> Numbers:
        """Of the pieces that both have (station); NaN if there are none."""
        both = ~np.isnan(self.far).any(1)
        found: Numbers = self.far[both].mean(0) if both.any() else np.full(self.far.shape[1], np.nan)
        return found

    def chip(self, row: int) -> Chip:
        """The piece of a row, as prose shows it."""
        one, other = self.rows[row]
        place = other if one is None else one
        return chips.chip(piece(self.rows[row], self.pieces), (place or 0) - (self.side == "target"))

    @property
    def names(self) -> list[str]:
        """Of the stations."""
        layers = [_("layer {layer}").format(layer=layer) for layer in range(1, self.far.shape[1] - 1)]
        return [_("embedding"), _("with position"), *layers]


def stations(walk: Walk, side: str) -> Numbers:
    """Every vector on its way up (station piece d_model): from the table, with its position, after each layer."""
    trace = walk.trace.encoder if side == "source" else walk.trace.decoder
    found = [trace.embedding.scaled, trace.embedding.output, *(layer.output for layer in trace.layers)]
    return np.stack([array(each[0]) for each in found])


def measured(sides: tuple[Side, Side], side: str) -> Drift:
    """How far apart the vectors of the partners are."""
    a, b = (each.walk for each in sides)
    pieces = (a.source, b.source) if side == "source" else (a.read, b.read)
    rows, vectors = paired(*pieces), (stations(a, side), stations(b, side))
    far = np.full((len(rows), len(vectors[0])), np.nan, dtype=np.float32)
    for row, (one, other) in enumerate(rows):
        if one is not None and other is not None:
            far[row] = drift(vectors[0][:, one], vectors[1][:, other])
    return Drift(side=side, pieces=pieces, rows=rows, vectors=vectors, far=far)


def ask() -> str:
    """Whose vectors: `source` or `target`."""
    return controls.side()


def side_of(found: Two) -> str:
    """Whose vectors ask in an attention."""
    return "source" if found.asked.kind == "encoder" else "target"


def chosen(sides: tuple[Side, Side], found: Drift) -> tuple[int, int]:
    """The row and the station that the learner points at; before that the piece of both that drifts most, at the end."""
    walk, both = sides[0].walk, np.nan_to_num(found.far[:, -1], nan=-1.0)
    mine = choice.looked_at(walk) if found.side == "source" else choice.target_place(walk)
    if found.side == "target" and mine is not None:
        mine = mine + 1 if mine + 1 < len(walk.read) else None
    row, stage = at(found.rows, mine, ONLY_ROW), pointed.chosen(STAGE, found.far.shape[1])
    if row is None or (stage is None and np.isnan(found.far[row, 0])):
        row = int(both.argmax())
    return row, found.far.shape[1] - 1 if stage is None else stage


def chooser(found: Drift) -> Callable[[Cell], None]:
    """For a click on `[row, station]`."""

    def choose(cell: Cell) -> None:
        row, stage = (int(each or 0) for each in cell)
        mine, theirs = found.rows[row]
        key, shift = (choice.LOOKED_AT, 0) if found.side == "source" else (choice.WRITTEN, 1)
        choice.set_place(key, None if mine is None else mine - shift)
        pointed.choose(ONLY_ROW, theirs if mine is None else None)
        pointed.choose(STAGE, stage)

    return choose


def picture(session: Session, sides: tuple[Side, Side], found: Drift) -> Picture:
    """A row for each piece, a column for each station."""
    pieces = [piece(pair, found.pieces) for pair in found.rows]
    only = tuple(np.array([pair[which] is None for pair in found.rows]) for which in (1, 0))
    title = _("How far apart the same piece is in both sentences")
    told = "; ".join(f"{name} {value:.2f}" for name, value in zip(found.names, found.mean, strict=True))
    table = [
        [label(name), *(None if np.isnan(each) else float(each) for each in row)]
        for name, row in zip(pieces, found.far, strict=True)
    ]
    return Picture(
        title=title, alt=f"{title}. {told}.", on_click=chooser(found), tell=lambda: tell(sides, found),
        table=([_("piece"), *found.names], table),
        figure=two_sentences.drift(
            found.far, pieces, found.names, only=only, names=(_("piece"), _("after")), title=title, mode=session.mode,  # type: ignore[arg-type]
            selected=chosen(sides, found), value_name=_("distance"),
        ),
    )  # fmt: skip


def tell(sides: tuple[Side, Side], found: Drift) -> None:
    """The distance that is pointed at, as a sum."""
    row, stage = chosen(sides, found)
    mine, theirs = found.rows[row]
    who, where = found.chip(row), found.names[stage]
    if mine is None or theirs is None:
        told = _("{piece} is only in {side}: it has no partner, and there is no distance.")
        line = filled(told, piece=who, side="A" if theirs is None else "B")
        return sums.show(line, [])
    a, b = (
        vectors[stage, place].astype(np.float64) for vectors, place in zip(found.vectors, (mine, theirs), strict=True)
    )
    lengths, far = [float(np.linalg.norm(each)) for each in (a, b)], float(np.linalg.norm(b - a))
    mean = sum(lengths) / 2
    shown = number(far / max(mean, 1e-12))
    lines = [
        Line("‖a‖, ‖b‖", f"{number(lengths[0])}, {number(lengths[1])}"), Line("‖b − a‖", f"<b>{number(far)}</b>"),
        Line(_("÷ mean"), f"{number(far)} / {number(mean)} = <b>{shown}</b>", True),
    ]  # fmt: skip
    redo = Redo(
        numbers={"a": a, "b": b}, shows=shown,
        result="np.linalg.norm(b - a) / ((np.linalg.norm(a) + np.linalg.norm(b)) / 2)",
    )  # fmt: skip
    sums.show(
        filled(_("{piece} in A and in B, {where}: {far} apart"), piece=who, where=where, far=shown), lines, redo=redo
    )
