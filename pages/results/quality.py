"""Quality against cost: Table 2 of the paper as a picture, and below it our own models, who sit another exam."""

from collections.abc import Sequence

from figures.learning import costs as pictures
from figures.learning.costs import Mark, Panel
from pages.results import asked as asking
from pages.results import counted, ours, theirs
from pages.results.asked import OURS, PAPER, Asked
from pages.results.ours import Model
from relatives.results.paper import Paper, Result
from ui.frame import Workshop
from ui.frame.rooms import Rooms
from ui.show import live_plot, prose, tables
from ui.show.live_plot import Cell
from ui.text import translate as _

KINDS = ("self-attention", "recurrence", "convolution")
LANGUAGES = {"en_de": "EN-DE", "en_fr": "EN-FR"}


def show(rooms: Rooms, asked: Asked, paper: Paper, shop: Workshop) -> dict[str, str]:
    """The picture, the sum of what is pointed at; answers with the numbers of the lesson."""
    results, models = [each for each in paper.results if asked.pair in each.bleu], ours.models()
    at = place(asked, results, models)
    figure = pictures.panels(
        [upper(asked, results), lower(asked, models)], kinds=[*map(kind, KINDS)], unknown=_("not given"),
        title=_("The higher the better, the farther left the cheaper"), mode=shop.mode, selected=at,
    )  # fmt: skip

    def take(cell: Cell) -> None:
        panel, mark = (int(each or 0) for each in cell)
        asking.point(f"{OURS}:{models[mark].name}" if panel else f"{PAPER}:{results[mark].model}")

    with rooms.picture:
        live_plot.show(figure, "results", alt(asked, results, models), asked.pair, on_click=take, look=shop.lesson.look)
        tables.twin(*table(asked, results, models), "results")
    with rooms.words:
        if at[0]:
            counted.tell(rooms, asked, models[at[1]], paper)
        else:
            theirs.tell(rooms, asked, results[at[1]], paper)
        if fault := ours.trouble():
            prose.cell("{fault}", fault=fault)
    base = next(each for each in paper.results if each.kind == theirs.NEW).flops["en_de"]
    return theirs.values(paper) | counted.values(models, base)


def place(asked: Asked, results: Sequence[Result], models: Sequence[Model]) -> tuple[int, int]:
    """What is pointed at: (panel, mark). What is not there counts as the last of the table, the big Transformer."""
    names = [f"{PAPER}:{each.model}" for each in results], [f"{OURS}:{each.name}" for each in models]
    for panel, known in enumerate(names):
        if asked.pointed in known:
            return panel, known.index(asked.pointed)
    return 0, len(results) - 1


def upper(asked: Asked, results: Sequence[Result]) -> Panel:
    """The paper's exam."""
    marks = [
        Mark(
            each.model.removesuffix(" Ensemble"),
            each.flops.get(asked.pair),
            each.bleu[asked.pair],
            kind(each.kind),
            hollow=each.ensemble,
        )
        for each in results
    ]
    title = _("The paper: newstest2014, {pair} (hollow: ensembles)").format(pair=LANGUAGES[asked.pair])
    return Panel(title, (_("operations of training, as the paper gives them"), "BLEU"), marks)


def lower(asked: Asked, models: Sequence[Model]) -> Panel:
    """Our exam."""
    marks = [
        Mark(each.name, each.flops, score(asked, each), kind(each.kind), least=bool(each.cost and not each.cost.whole))
        for each in models
    ]
    word = "BLEU" if asked.mark == "bleu" else _("exact, %")
    return Panel(
        _("Another exam: our models, each on its own test"),
        (_("operations of training, counted"), word),
        marks,
        (-6, 112),
    )


def kind(code: str) -> str:
    """By what a model reads, in words."""
    words = {"recurrence": _("recurrence"), "convolution": _("convolution"), "self-attention": _("self-attention")}
    return words.get(code, code)


def score(asked: Asked, model: Model) -> float:
    """The mark that is asked for, per cent."""
    return model.bleu if asked.mark == "bleu" else model.exact_match


def alt(asked: Asked, results: Sequence[Result], models: Sequence[Model]) -> str:
    """The picture in words."""
    return "; ".join(": ".join([str(row[0]), str(row[2]), str(row[3])]) for row in table(asked, results, models)[1])


def table(asked: Asked, results: Sequence[Result], models: Sequence[Model]) -> tuple[list[str], list[list[object]]]:
    """The picture as a table."""
    columns = [_("Model"), _("Exam"), _("Score"), _("Operations of training"), _("Reads by"), _("Source")]
    test = f"newstest2014 {LANGUAGES[asked.pair]}"
    rows: list[list[object]] = [
        [each.model, test, each.bleu[asked.pair], cost(each.flops.get(asked.pair)), kind(each.kind), each.origin]
        for each in results
    ]
    rows += [
        [
            each.name,
            each.exam,
            round(score(asked, each), 2),
            written(each),
            kind(each.kind),
            _("counted here"),
        ]
        for each in models
    ]
    return columns, rows


def written(model: Model) -> str:
    """The cost of one of ours, with `≥` if it is not all."""
    return ("≥ " if model.flops and model.cost and not model.cost.whole else "") + cost(model.flops)


def cost(flops: float | None) -> str:
    """Operations as a spreadsheet reads them; a dash if nobody says."""
    return "–" if flops is None else f"{flops:.2e}"
