"""The rows and columns of the pictures of a pair: aligned pieces of both sentences, and the stages that they pass."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from figures.labels import label
from pages.grammar_probes.readings import Read
from pages.grammar_probes.words import column_words
from transformer.analysis.probes import Stack, Stage, stages
from ui.session import state
from ui.text import translate as _

Numbers = NDArray[np.float64]
START, END = "<s>", "</s>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """A grid of pieces by stages. Each sentence has a row for its heading, and then a row for each aligned pair of pieces."""

    rows: list[str]
    columns: list[Stage]
    headings: list[tuple[int, str]]
    english: list[str]  # of each aligned pair
    french: list[str]
    alone: str  # a sentence about the English pieces that have no partner; "" if all have one

    @property
    def writes(self) -> int:
        """The row that writes the critical word."""
        return len(self.rows) - 1

    def at(self, row: int) -> tuple[Stack, int] | None:
        """Which aligned pair a row is."""
        if 1 <= row <= len(self.english):
            return "encoder", row - 1
        place = row - len(self.english) - 2
        return ("decoder", place) if 0 <= place < len(self.french) else None

    def stage(self, row: int, column: int) -> Stage | None:
        """The stage of a cell, if the piece passes it."""
        where, stage = self.at(row), self.columns[column]
        if where is None or (where[0] == "encoder" and stage.sub in ("cross", "logits")):
            return None
        return Stage(where[0], stage.layer, stage.sub)

    def values(self, of: Mapping[Stage, Numbers]) -> Numbers:
        """`of` (stage: aligned pair) as a grid; NaN where there is nothing."""
        grid = np.full((len(self.rows), len(self.columns)), np.nan)
        for row in range(len(self.rows)):
            where = self.at(row)
            for column in range(len(self.columns)):
                stage = self.stage(row, column)
                if where and stage and stage in of:
                    grid[row, column] = of[stage][where[1]]
        return grid

    def names(self) -> list[str]:
        """The columns' labels."""
        return [column_words(stage) for stage in self.columns]


def lines(found: Read, logits: bool) -> Lines:
    """The grid of a pair; `logits` adds a column for them."""
    model, twins = found.passes.model, found.probe.twins
    count = max(len(model.encoder_layers), len(model.decoder_layers))
    columns = stages(model, "decoder")
    columns += [Stage("decoder", layer, "self") for layer in range(len(model.decoder_layers), count)]
    columns += [Stage("decoder", layer, "feed") for layer in range(len(model.decoder_layers), count)]
    columns.sort(key=lambda stage: (stage.layer, ("embedding", "self", "cross", "feed").index(stage.sub)))
    columns += [Stage("decoder", count, "logits")] * logits
    sides = ((*twins.first.source, None), (*twins.second.source, None))
    english = [both(found, sides[0][one], sides[1][other], END) for one, other in twins.source]
    reads = ((None, *twins.first.read), (None, *twins.second.read))
    french = [both(found, reads[0][one], reads[1][other], START) for one, other in twins.target]
    french[-1] += " → ?"
    headings = [(0, _("English")), (len(english) + 1, _("French read so far"))]
    return Lines(
        rows=["", *english, "", *french], columns=columns, headings=headings, english=english, french=french,
        alone=alone(found),
    )  # fmt: skip


def alone(found: Read) -> str:
    """Which pieces of the English cannot be compared or patched."""
    tokenizer, twins = state.opened(found.origin).tokenizer, found.probe.twins
    told = []
    for which, name in enumerate("AB"):
        source, paired = (twins.first, twins.second)[which].source, {pair[which] for pair in twins.source}
        names = [label(tokenizer.piece(id).piece) for place, id in enumerate(source) if place not in paired]
        told += [_("{pieces} of {name}").format(pieces=", ".join(names), name=name)] if names else []
    if not told:
        return ""
    return _("Without a partner, and so left as they are: {pieces}. Pieces behind them have moved to other positions.").format(
        pieces="; ".join(told)
    )  # fmt: skip


def both(found: Read, one: int | None, other: int | None, special: str) -> str:
    """The label of two aligned pieces: one if they are the same; `None` is the special piece."""
    tokenizer = state.opened(found.origin).tokenizer
    names = [special if id is None else label(tokenizer.piece(id).piece) for id in (one, other)]
    return names[0] if names[0] == names[1] else " | ".join(names)
