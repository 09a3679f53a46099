"""What the tour shows, in order: where, in which words. The browser does the rest, see `assets/tour.js`."""

from dataclasses import asdict, dataclass

from ui.frame import ways
from ui.text import has_lesson
from ui.text import translate as _

HEAD = "50_one_head"  # the page of the second half


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing on a page."""

    page: str
    where: str  # a selector of CSS; what it finds first, and can be seen, is shown
    title: str
    words: str
    side: bool = False  # whether it stands in the sidebar


def stops() -> list[Stop]:
    """All of them; without the page of the second half only the first."""
    return [*at_home(), *(at_a_head() if has_lesson(HEAD) else [])]


def at_home() -> list[Stop]:
    """What is the same for every page, and the machine as a whole."""
    return [
        Stop(
            ways.HOME, ".st-key-text", _("Your sentence"),
            _("Type any English sentence here and press Enter. Everything on every page is computed for it."), side=True,
        ),
        Stop(
            ways.HOME, ".atlas-machine", _("The whole machine"),
            _("Each block holds the numbers of your sentence. Press Play and it writes the translation; click a block to look inside."),
        ),
        Stop(
            ways.HOME, ".st-key-atlas_map", _("Where you are"),
            _("The same machine, small. A block leads to its page; the arrow keys turn pages. Above it is the search, below it are all pages."),
            side=True,
        ),
    ]  # fmt: skip


def at_a_head() -> list[Stop]:
    """What the pages of the walk have in common."""
    return [
        Stop(
            HEAD, ".atlas-strip", _("Pieces"),
            _("The model reads pieces, not words. Click one, and every picture on the page follows it."),
        ),
        Stop(
            HEAD, ".atlas-figure", _("The picture"),
            _("One number for each pair of pieces. Click any cell. The buttons above go through the computation step by step."),
        ),
        Stop(
            HEAD, ".atlas-sum", _("The sum behind it"),
            _("This is how the number in the cell you clicked came about, term by term. Nothing is made up, nothing is left out."),
        ),
        Stop(
            HEAD, "[class*=st-key-atlas_depths]", _("Story, numbers, formula, code"),
            _("Below the story more numbers, the formula and the code fold out. Touch a word with a dotted line, and it explains itself."),
        ),
        Stop(
            HEAD, ".st-key-atlas_ways", _("And on"),
            _("The next page, the one before, and questions to guess before you look. That is all: have a good walk."),
        ),
    ]  # fmt: skip


def as_data() -> list[dict[str, object]]:
    """The stops as the browser is given them."""
    return [asdict(stop) for stop in stops()]
