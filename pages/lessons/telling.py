"""What both views of the page show of a lesson: its picture, its table, its link and its file, and the numbers of the prose."""

import html
import re
from pathlib import Path

import streamlit as st

from classroom import packed, written
from classroom.lessons import Plan, PlanError
from figures.learning import timing
from ui.frame import Workshop
from ui.guide import bar, place, shelf
from ui.session.site import site
from ui.show import live_plot, tables
from ui.text import plain
from ui.text import translate as _

VIEW, CHOSEN, STEP = "le_view", "le_plan", "le_step"  # in the address
STYLE = Path(__file__).with_name("lessons.css").read_text("utf-8")
LETTER = 6  # bits of a letter of a link


def style() -> None:
    """How the page looks."""
    bar.style()
    st.html(f"<style>{STYLE}</style>")


def step(plan: Plan) -> int:
    """The step that is pointed at, from 0."""
    asked = st.session_state[STEP]
    return min(max(asked if isinstance(asked, int) else 1, 1), max(1, len(plan.steps))) - 1


def picture(plan: Plan, shop: Workshop, key: str) -> None:
    """The time of its steps; a click on a bar points at the step."""
    names = [shelf.called(each.page) for each in plan.steps]
    asks = [each.question is not None for each in plan.steps]
    figure = timing.timing(
        [each.minutes for each in plan.steps], names, asks=asks, asking=_("asks a question"), axes=(_("minutes"), _("step")),
        title="", mode=shop.mode, selected=step(plan),
    )  # fmt: skip
    told = "; ".join(
        f"{number}. {name}: {each.minutes} min"
        for number, (name, each) in enumerate(zip(names, plan.steps, strict=True), 1)
    )
    live_plot.show(figure, key, f"{_('How long each step takes')}. {told}.", plan.title, on_click=take)
    st.markdown(shop.lesson.look)
    rows = [
        [number, name, each.minutes, each.at]
        for number, (name, each) in enumerate(zip(names, plan.steps, strict=True), 1)
    ]
    tables.twin([_("step"), _("page"), _("minutes"), _("address")], rows, key)


def take(cell: live_plot.Cell) -> None:
    """A click on a bar."""
    st.session_state[STEP] = int(cell[0] or 0) + 1


def start(plan: Plan, name: str, words: str, number: int = 0) -> str:
    """A link to a step, from 0, that looks like a button (HTML)."""
    return f'<a class="atlas-start" href="{html.escape(place.address(plan, number, name))}">{html.escape(words)}</a>'


def files(plan: Plan, name: str, key: str) -> None:
    """To give the lesson away: its file, and its link if it is short enough for one."""
    file = f"{re.sub(r'[^a-z0-9]+', '_', plan.title.lower()).strip('_')[:60] or 'lesson'}.yaml"
    st.download_button(
        _("Download the lesson (YAML)"),
        written.write(plan),
        file,
        "application/yaml",
        key=f"{key}_download",
        on_click="ignore",
    )
    if name != place.MINE:
        asked = {"to_view": "1", "about": f"lesson:{name}"}
        st.page_link("pages/620_worksheets.py", label=_("Worksheets about this lesson →"), query_params=asked)
    try:
        called = name if name != place.MINE else packed.pack(plan)
    except PlanError as error:
        st.caption(plain(str(error)))
        return
    st.caption(_("A link to its first step, for everybody who can reach this server:"))
    st.code(link(plan, called), language=None)


def link(plan: Plan, name: str) -> str:
    """The whole address of its first step."""
    return f"{site()}/{place.address(plan, 0, name).removeprefix('./')}"


def values(plan: Plan) -> dict[str, str]:
    """The numbers of the prose."""
    asked = [each for each in plan.steps if each.question]
    try:
        letters = len(packed.pack(plan)) - 1
    except PlanError:
        letters = 0
    text = len(written.write(plan).encode())
    whole = letters or -(-8 * text // LETTER)
    return {
        "title": plan.title or _("Your lesson"), "minutes": str(plan.minutes), "count": str(len(plan.steps)), "asked": str(len(asked)),
        "bytes": f"{text:,}", "letters": f"{whole:,}", "most": f"{packed.MOST:,}", "packed": f"{whole * LETTER // 8:,}",
        "fits": _("fits into a link") if letters else _("is given away as a file"),
        "sum": " + ".join(str(each.minutes) for each in plan.steps) or "0",
    }  # fmt: skip
