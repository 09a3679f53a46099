"""What matters? Our own ablation, row by row, beside Table 3 of the paper."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from figures.learning import ablation as pictures
from figures.learning.ablation import Panel
from figures.learning.ablation import Row as Line
from pages.results import asked as asking
from pages.results import changed
from pages.results.asked import Asked
from relatives.results.ablation import BASE, ROWS, Found
from relatives.results.paper import Paper
from ui.frame import Workshop
from ui.frame.rooms import Rooms
from ui.show import live_plot, tables
from ui.show.live_plot import Cell
from ui.text import translate as _

PARTS = ("", "A", "B", "C", "D", "E", "+")


def show(rooms: Rooms, asked: Asked, paper: Paper, runs: Sequence[Found], shop: Workshop) -> dict[str, str]:
    """The picture and the chosen row in words; answers with the numbers of the lesson."""
    by_row = {row: [run for run in runs if run.row == row] for row in ROWS}
    rows = list(ROWS)
    at = rows.index(asked.row) if asked.row in ROWS else 0
    figure = pictures.rows(
        (ours(asked, by_row), theirs(paper)), parts=PARTS, axis=_("changed: A to E as in Table 3, + is ours alone"),
        title=_("What matters?"), mode=shop.mode, selected=(0, at),
    )  # fmt: skip

    def take(cell: Cell) -> None:
        panel, row = (int(each or 0) for each in cell)
        asking.choose(rows[row] if panel == 0 else alike(paper, row))

    columns, table = told(by_row, paper)
    with rooms.picture:
        live_plot.show(
            figure, "ablation", alt(asked, by_row), asked.mark, on_click=take, look=shop.lesson.of("matters").look
        )
        tables.twin(columns, table, "ablation")
    with rooms.words:
        changed.tell(rooms, rows[at], by_row, paper)
    return changed.values(by_row, paper)


def mark(asked: Asked, run: Found) -> float:
    """The mark that is asked for: per cent, or nats per piece."""
    return {"exact_match": run.exact_match, "bleu": run.bleu}.get(asked.mark, run.loss)


def ours(asked: Asked, by_row: Mapping[str, Sequence[Found]]) -> Panel:
    """Our rows."""
    axes = {
        "exact_match": _("exact match, % (right is better)"),
        "bleu": _("BLEU (right is better)"),
        "loss": _("loss, nats a piece (left is better)"),
    }
    lines = [
        Line(ROWS[row].part, changed.name(row), tuple(mark(asked, run) for run in found))
        for row, found in by_row.items()
    ]
    return Panel(_("Ours: grammar"), axes[asked.mark], lines)


def theirs(paper: Paper) -> Panel:
    """The paper's rows."""
    rows = [(paper.base, _("base")), *((each, changed.spelled(each.changes)) for each in paper.variations)]
    return Panel(_("Table 3: EN-DE"), "BLEU", [Line(each.part, name, (each.bleu,)) for each, name in rows])


def alike(paper: Paper, number: int) -> str:
    """The first of our rows that asks the same as one of the paper's, counted from its base; the base if there is none."""
    if number == 0:
        return BASE
    changes = paper.variations[number - 1].changes
    return next(
        (row for row in ROWS if set(ROWS[row].changes) & set(changes)),
        "no-positions" if "positions" in changes else BASE,
    )


def alt(asked: Asked, by_row: Mapping[str, Sequence[Found]]) -> str:
    """Our rows in words; the paper's stand in the table."""
    said = [
        f"{changed.name(row)}: {fmean(mark(asked, run) for run in found):.3g}" for row, found in by_row.items() if found
    ]
    return f"{'; '.join(said)}."


def told(by_row: Mapping[str, Sequence[Found]], paper: Paper) -> tuple[list[str], list[list[object]]]:
    """Both panels as a table: every single run, and every row of the paper."""
    columns = [
        _("Whose"), _("Part"), _("Changed"), _("Seed"), _("Exact match (%)"), "BLEU", _("Loss (nats)"), _("Loss, 95 % from"), _("to"),
        _("Parameters"), _("Steps"), _("Operations"),
    ]  # fmt: skip
    rows: list[list[object]] = [
        [
            _("ours"), ROWS[row].part, changed.name(row), run.seed, round(run.exact_match, 2), round(run.bleu, 2), round(run.loss, 4),
            round(run.loss_low, 4), round(run.loss_high, 4), run.parameters, run.steps, f"{run.flops:.3e}",
        ]
        for row, found in by_row.items() for run in found
    ]  # fmt: skip
    for each in (paper.base, *paper.variations):
        name = changed.spelled(each.changes) if each.part else _("base")
        rows.append(
            [_("the paper"), each.part, name, None, None, each.bleu, None, None, None, each.parameters, None, None]
        )
    return columns, rows
