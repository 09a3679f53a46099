"""The view of held-out reviews: does attention find what decides, does leaving out, and do the two agree? Honest about where they do not."""

import numpy as np
import streamlit as st

from figures.systems.looks import looks as drawn
from pages.hierarchical_attention import asking, networks
from systems import records
from systems.reviews import exam
from ui import controls
from ui.frame import Rooms, Workshop
from ui.session import systems
from ui.session.kept import address
from ui.session.state import Origin
from ui.show import live_plot, prose, tables
from ui.text import translate as _

ROW, COLUMN = "hat_row", "hat_column"  # in session state: the cell


def show(rooms: Rooms, session: Workshop, asked: asking.Asked) -> None:
    """The figures of the chosen network: recorded, or measured at a press."""
    assert asked.network
    origin = asked.network
    found = figures(rooms, origin)
    if found is None:
        return address()
    total = sum(found["counts"].values())
    right = sum(share * found["counts"][kind] for kind, share in found["right"].items()) / total
    told = _(
        "Of {count} held-out reviews {right} are labelled right. Attention looks most at a word that decides in {attention}, at it or its "
        "neighbour in {near}; leaving out names one in {without}."
    )
    seen = {name: percent(found["words"][name]) for name in ("attention", "near", "without")}
    rooms.seen(told, count=total, right=percent(right), **seen)
    with rooms.picture:
        picture(session, found)
    with rooms.words:
        say(found)
        apart(found)
        st.caption(systems.about(origin))
        kinds = asking.kinds()
        rows = [[kinds[kind], found["counts"][kind], round(100 * share, 1)] for kind, share in found["right"].items()]
        tables.folded(
            _("Right labels by kind of review"), [_("how it decides"), _("reviews"), _("right, %")], rows, "hat_right"
        )
        prose.depths(session.lesson.of("gold"), {"count": str(found["compared"]), "total": str(total)} | seen)
    return None


def figures(rooms: Rooms, origin: Origin) -> records.Figures | None:
    """Recorded, or measured; `None` as long as nobody pressed."""
    try:
        known = exam.read()
    except ValueError as error:
        known = {}
        with rooms.words:
            st.caption(str(error))
    recorded = known.get(records.weights_of(origin.folder))
    with rooms.words:
        again = st.button(_("Measure again") if recorded else _("Measure (a few seconds)"), key="hat_measure")
    if again or origin in measured_now():
        measured_now().add(origin)
        return measured(origin)
    if recorded is None:
        with rooms.picture:
            st.info(
                _(
                    "Nobody measured this network yet. Press Measure: it reads the held-out reviews, and each again without each word."
                )
            )
    return recorded


@st.cache_resource(show_spinner=False)
def measured_now() -> set[Origin]:
    """The networks that somebody measured since the app was started."""
    return set()


@st.cache_data(max_entries=16, show_spinner=False)
def measured(origin: Origin) -> records.Figures:
    """The held-out reviews, read now."""
    return exam.exam(networks.network(origin), asking.held_out())


def measures() -> dict[str, str]:
    """What is measured, in words."""
    return {
        "attention": _("attention names what decides"), "near": _("attention names it or its neighbour"),
        "without": _("leaving out names what decides"), "same": _("both name the same"),
        "chance": _("drawn by lot"), "weight": _("weight on what decides"),
    }  # fmt: skip


def picture(session: Workshop, found: records.Figures) -> None:
    """Shares down, sentences and words to the right."""
    names, columns = measures(), [_("sentences"), _("words")]
    table = np.array([[found[what][name] for what in ("sentences", "words")] for name in names])
    table[[*names].index("near"), 0] = np.nan  # sentences far apart are no neighbours in meaning
    title = _("Attention, leaving out, and what is known to decide")
    figure = drawn(
        table, list(names.values()), columns, names=(_("measure"), _("level")), value_name=_("share"), title=title, mode=session.mode,
        selected=chosen(len(names)),
    )  # fmt: skip
    said = "; ".join(
        f"{name}: {number(line[0])}, {number(line[1])}" for name, line in zip(names.values(), table, strict=True)
    )

    def take(clicked: live_plot.Cell) -> None:
        st.session_state[ROW], st.session_state[COLUMN] = int(clicked[0] or 0), int(clicked[1] or 0)

    live_plot.show(figure, "hat_gold", f"{title}. {said}", "", on_click=take, look=session.lesson.of("gold").look)
    rows = [
        [name, *("" if np.isnan(value) else float(value) for value in line)]
        for name, line in zip(names.values(), table, strict=True)
    ]
    rows.append([_("Kendall’s tau, mean"), *(found[what]["tau"] for what in ("sentences", "words"))])
    tables.twin([_("measure"), *columns], rows, "hat_gold")


def chosen(count: int) -> tuple[int, int]:
    """The cell that was clicked; until then attention at words."""
    row, column = st.session_state.get(ROW), st.session_state.get(COLUMN)
    return (row, column) if isinstance(row, int) and isinstance(column, int) and row < count and column < 2 else (0, 1)


def say(found: records.Figures) -> None:
    """The clicked cell in words, and how well the orders agree."""
    row, column = chosen(len(measures()))
    what = ("sentences", "words")[column]
    name, told = [*measures()][row], [*measures().values()][row]
    each = found[what]
    template = _("{what}: {share} ({count} reviews).")
    if name == "weight":
        template = _("{what}, on average: {share} ({count} reviews).")
    prose.cell(
        template, what=f"{told}, {(_('sentences'), _('words'))[column]}", share=percent(each[name]), count=each["count"]
    )
    prose.cell(
        _("The whole orders agree with Kendall’s tau {sentences} for sentences and {words} for words (1: the same order, 0: none)."),
        sentences=f"{found['sentences']['tau']:.2f}", words=f"{found['words']['tau']:.2f}",
    )  # fmt: skip


def apart(found: records.Figures) -> None:
    """Reviews in which the two name different words: one can be taken."""
    places = found["words_apart"]
    told = _("In {count} of {compared} reviews attention and leaving out name different words. Look at one:")
    st.html(
        f"<p class='atlas-why'>{told.format(count=round((1 - found['words']['same']) * found['compared']), compared=found['compared'])}</p>"
    )
    with controls.row("atlas_controls_apart"):
        for place in places[:4]:
            st.button(
                _("Review {number}").format(number=place + 1),
                key=f"hat_apart_{place}",
                on_click=open_review,
                args=(place,),
            )


def open_review(place: int) -> None:
    """Take a held-out review into the field and look at it. Only in callbacks."""
    asking.give(place)
    st.session_state[asking.VIEW] = "review"


def number(value: float) -> str:
    """For the text alternative."""
    return "–" if np.isnan(value) else f"{value:.2f}"


def percent(share: float) -> str:
    """In per cent."""
    return f"{100 * share:.0f} %"
