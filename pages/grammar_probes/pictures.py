"""The pictures of one pair: where the sentences differ, where that matters, and which heads carry it."""

from collections.abc import Callable

import numpy as np

from figures.changed import probes
from figures.theme import Mode
from pages.grammar_probes import readings
from pages.grammar_probes.asked import COLUMN, ROW
from pages.grammar_probes.lines import Lines, Numbers, lines
from pages.grammar_probes.readings import Read
from pages.grammar_probes.words import stage_words, two
from transformer.analysis.probes import Stage
from ui.session import pointed
from ui.show import prose
from ui.show.live_plot import Cell
from ui.show.picture import Picture
from ui.text import plain
from ui.text import translate as _

Tell = Callable[[int, Stage, str], None]  # an aligned place, a stage and the piece
NOTICED, MATTERS = 0.01, 0.1  # a relative difference, and a share of the way, from which on a place is named
NAMED = 3  # places in a sentence, at most


def remember() -> None:
    """First in the fragment."""
    pointed.remember(ROW, COLUMN)


def choose(cell: Cell) -> None:
    """Point at `[row, column]`. Only in callbacks."""
    for key, number in zip((ROW, COLUMN), cell, strict=False):
        pointed.choose(key, None if number is None else int(number))


def differ(found: Read, mode: Mode) -> Picture:
    """The relative difference of every stage, token by token."""
    layout, each = lines(found, logits=True), readings.differences(found)
    last = layout.columns[-1]
    given = {stage: value.relative.double().numpy() for stage, value in each.items()}
    norms = {stage: value.norm.double().numpy() for stage, value in each.items()}
    for of in (given, norms):
        of[last] = of.pop(next(stage for stage in of if stage.sub == "logits"))

    def tell(place: int, stage: Stage, piece: str) -> None:
        key = last if stage.sub == "logits" else stage
        prose.cell(
            _("{piece}, {stage}: the two vectors are {norm} apart, {relative} of their mean length."),
            piece=piece, stage=stage_words(stage), norm=f"{norms[key][place]:.3f}", relative=f"{given[key][place]:.3f}",
        )  # fmt: skip

    title = _("How far A and B are apart, as a share of the vectors' length")
    return of_pair(
        layout, layout.values(given), title, _("relative difference"), False, tell, entered(layout, given), mode
    )


def entered(layout: Lines, given: dict[Stage, Numbers]) -> str:
    """Where the difference enters, and what reaches the place that writes."""
    start, texts = Stage("encoder", -1, "embedding"), Stage("decoder", -1, "embedding")
    places = named(layout.english, given[start], NOTICED)
    told = _("It enters at {places}.").format(places=places)
    if given[texts].max() <= NOTICED:
        told += " " + _("Both have read the same French, so the rest comes through cross-attention.")
    else:
        told += " " + _("The French read so far differs too: {places}.").format(
            places=named(layout.french, given[texts], NOTICED)
        )
    above = [stage for stage in given if stage.stack == "decoder" and stage.sub not in ("embedding", "logits")]
    most = max(above, key=lambda stage: given[stage][-1])
    return told + " " + _("Where the word is written it is largest {stage}: {value}.").format(
        stage=stage_words(most), value=two(given[most][-1])
    )  # fmt: skip


def named(labels: list[str], values: Numbers, least: float) -> str:
    """The places with the largest values, `wide (1.06), . (0.38)`; at most a few."""
    order = [int(place) for place in np.argsort(-values, kind="stable") if values[place] >= least]
    told = ", ".join(f"{labels[place]} ({two(values[place])})" for place in order[:NAMED])
    if len(order) > NAMED:
        told += " " + _("and {count} more").format(count=len(order) - NAMED)
    return told or _("no single piece")


def matter(found: Read, mode: Mode) -> Picture:
    """How much of the way one state restores, stage by stage and token by token."""
    layout, given = lines(found, logits=False), readings.states(found)

    def tell(place: int, stage: Stage, piece: str) -> None:
        prose.cell(
            _("If only the vector of {piece} {stage} is taken from B, A goes {share} of the way to {word}."),
            piece=piece, stage=stage_words(stage), share=two(given[stage][place]), word=found.probe.critical[1],
        )  # fmt: skip

    title = _("How much of the way to B one vector of B brings: 0 nothing, 1 all")
    return of_pair(
        layout, layout.values(given), title, _("share of the way"), True, tell, mattered(layout, given), mode
    )


def mattered(layout: Lines, given: dict[Stage, Numbers]) -> str:
    """Where the encoder keeps what matters, and from which stage on the place that writes has it."""
    top = max(
        (stage for stage in given if stage.stack == "encoder"), key=lambda stage: (stage.layer, stage.sub == "feed")
    )
    told = _("At the end of the encoder it is kept at {places}.").format(
        places=named(layout.english, given[top], MATTERS)
    )
    above = [stage for stage in given if stage.stack == "decoder"]
    late = next((stage for stage in above if given[stage][-1] >= 0.5), None)
    if late is None:
        return told
    return told + " " + _("The place that writes has most of it {stage} and later.").format(stage=stage_words(late))


def of_pair(
    layout: Lines, grid: Numbers, title: str, value: str, signed: bool, tell: Tell, said: str, mode: Mode
) -> Picture:
    """A picture of pieces by stages."""
    row, column = pointed.chosen(ROW, len(layout.rows)), pointed.chosen(COLUMN, len(layout.columns))
    there = row is not None and column is not None and np.isfinite(grid[row, column])

    def told() -> None:
        prose.look(plain(said))
        if row is None or column is None or not there:
            return prose.cell(_("Click a cell to read its number in words."))
        where, stage = layout.at(row), layout.stage(row, column)
        if where and stage:
            tell(where[1], stage, layout.rows[row])
        return None

    table = [[layout.rows[number], *(None if np.isnan(each) else round(float(each), 4) for each in values)]
             for number, values in enumerate(grid) if layout.at(number)]  # fmt: skip
    columns = [stage_words(stage) for stage in layout.columns]
    return Picture(
        title=title, alt=f"{title}. {said}", on_click=choose, tell=told, table=([_("piece"), *columns], table),
        figure=probes.flow(
            grid, layout.rows, layout.names(), names=(_("piece"), _("stage")), value_name=value, title=title, mode=mode,
            signed=signed, headings=layout.headings, marks=[layout.writes],
            selected=(row, column) if row is not None and column is not None and there else None,
        ),
    )  # fmt: skip
