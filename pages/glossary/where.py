"""The map of the words: which page shows how many of them live, as bars."""

from collections import Counter

from figures.theme import Mode
from figures.writing import distributions
from pages.glossary.asked import ALL, Asked, point
from ui import text
from ui.frame import pages
from ui.show import live_plot, tables
from ui.show.terms import Term
from ui.text import translate as _

MOST, ROW = 12, 40  # bars, and pixels of one


def show(asked: Asked, found: list[Term], mode: Mode) -> None:
    """A bar for each page that shows some of the words that were found; a click shows its words alone, a second click all."""
    counts = of_pages(found)
    drawn = sorted(counts, key=lambda page: -counts[page])[:MOST]
    if asked.page in counts and asked.page not in drawn:
        drawn = [*drawn[:-1], asked.page]
    if not drawn:
        return
    names, values = [text.lesson(page).name for page in drawn], [counts[page] for page in drawn]
    title = _("Where these words are shown live")
    if len(counts) > len(drawn):
        title = _("Where most of these words are shown live")
    figure = distributions.bars(
        names, values, title=title, axis_title=_("words"), mode=mode, row=ROW,
        selected=drawn.index(asked.page) if asked.page in drawn else None,
    )  # fmt: skip
    told = "; ".join(f"{name}: {value}" for name, value in zip(names, values, strict=True))
    live_plot.show(figure, "glossary", f"{title}. {told}.", on_click=lambda cell: point(drawn[int(cell[0] or 0)]))
    rows = [[text.lesson(page).name, count] for page, count in counts.items()]
    tables.twin([_("page"), _("words")], rows, "glossary")


def of_pages(found: list[Term]) -> dict[str, int]:
    """How many of the terms each page shows, in the order of the pages."""
    counted = Counter(term.page for term in found if term.page != ALL)
    return {page: counted[page] for page in pages() if counted[page]}
