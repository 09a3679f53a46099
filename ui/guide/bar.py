"""The bar of a lesson, at the top of every page: where one is in it, the note, the question, back and next; or that one is being written."""

import html

import streamlit as st

from classroom.lessons import Plan, PlanError
from figures import theme
from figures.theme import Mode
from ui import ASSETS
from ui.guide import draft, locks, place, question, shelf
from ui.session.kept import address, here
from ui.text import plain
from ui.text import translate as _

STYLE = (ASSETS / "guide.css").read_text("utf-8")
LESSONS = "610_lessons"


def show() -> None:
    """Draw it: below the line over everything, on every page. Nothing if nobody learns or writes a lesson."""
    if here() != LESSONS:  # which does it itself, whenever something was written
        draft.remember()
    name, found = place.name(), place.current()
    locks.keep(found[0].steps[found[1]] if found else None)
    if name or draft.writing():
        style()
    if found:
        with st.container(key="atlas_guide"):
            learn(*found, name)
    elif name:
        lost(name)
    if draft.writing() and here() != LESSONS:
        write()
    if name or place.LESSON in st.query_params:
        address("guide")


def style() -> None:
    """How the bar looks, in the accent of the theme; and the links that look like buttons."""
    dark: Mode = "dark" if st.context.theme.type == "dark" else "light"
    accent = theme.ACCENT[dark]
    st.html(f"<style>:root {{ --atlas-accent: {accent}; --atlas-on-accent: {theme.ink(accent)}; }} {STYLE}</style>")


def learn(plan: Plan, number: int, name: str) -> None:
    """The step: which it is, the ways back and on, its note and its question."""
    step, wandered = plan.steps[number], shelf.pages().get(plan.steps[number].page) != here()
    with st.container(key="atlas_guide_line", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(line(plan, number, name, wandered), width="stretch")
        st.button(_("Leave lesson"), key="guide_leave", type="tertiary", on_click=place.leave)
    if wandered:
        st.caption(_("You are on another page than the step. The lesson waits for you."))
    elif step.note or step.question:
        with (
            st.expander(_("What to do here"), expanded=True, key="guide_fold", type="compact"),
            st.container(key="atlas_guide_body"),
        ):
            if step.note:
                st.container(key="atlas_guide_note").markdown(step.note)
            if step.question:
                with st.container(key="atlas_guide_question"):
                    question.show(step.question, f"{name} {number} {step.question.ask}")


def line(plan: Plan, number: int, name: str, wandered: bool) -> str:
    """The first line (HTML): the lesson, the step, its time, what is locked, and links that are plain ones, each to a whole new page."""
    step, count = plan.steps[number], len(plan.steps)
    told = _("step {number} of {count} · about {minutes} min").format(
        number=number + 1, count=count, minutes=step.minutes
    )
    dots = "".join(f'<i class="{"on" if each <= number else ""}"></i>' for each in range(count))
    lock = f'<span class="lock">{html.escape(locks.told(step))}</span>' if step.locked else ""
    ways = [way(plan, number - 1, name, _("← Back"), "prev")] if number else []
    if wandered:
        ways = [way(plan, number, name, _("Back to step {number}").format(number=number + 1), "next")]
    else:
        ways.append(again(plan, number, name))
        ways.append(way(plan, number + 1, name, _("Next →"), "next") if number + 1 < count else done())
    return (
        f'<nav class="atlas-guide" aria-label="{html.escape(_("Lesson"))}"><p><b>{html.escape(plan.title)}</b> '
        f'<span>· {html.escape(told)}</span> <span class="dots" aria-hidden="true">{dots}</span>{lock}</p>'
        f'<p class="ways">{"".join(ways)}</p></nav>'
    )


def way(plan: Plan, step: int, name: str, words: str, kind: str) -> str:
    """A link to a step, from 0 (HTML)."""
    return f'<a class="{kind}" href="{html.escape(place.address(plan, step, name))}">{html.escape(words)}</a>'


def again(plan: Plan, step: int, name: str) -> str:
    """A link to the view as the step has it (HTML); on a telephone its sign alone."""
    href, words = html.escape(place.address(plan, step, name)), html.escape(_("Show the step again"))
    return f'<a class="again" href="{href}" aria-label="{words}">↺ <span>{words}</span></a>'


def done() -> str:
    """After the last step: back to the lessons (HTML)."""
    return f'<a class="next" href="./{LESSONS.partition("_")[2]}">{html.escape(_("Done: all lessons"))}</a>'


def lost(name: str) -> None:
    """The address names a lesson that is not there: say why, and let it be left."""
    why = _("There is no lesson of this name here. It may have been renamed; look on the page Lessons.")
    if name == place.MINE:
        if not draft.heard():
            return  # the browser is about to tell
        why = _(
            "This link leads to a lesson that only its writer's browser has. Ask for its file, and upload it on the page Lessons."
        )
    else:
        try:
            place.named(name)
        except PlanError as error:
            why = str(error)
    st.warning(plain(why))
    st.button(_("Leave lesson"), key="guide_leave", on_click=place.leave)


def write() -> None:
    """What a person who writes a lesson has on every page: a button that makes the view a step."""
    count = len(draft.plan().steps)
    told = (
        _("You are writing a lesson: {count} steps so far.")
        if count != 1
        else _("You are writing a lesson: 1 step so far.")
    )
    with st.container(key="atlas_guide_write", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(
            f'<p class="atlas-writing" role="status">{html.escape(draft.said() or told.format(count=count))}</p>',
            width="stretch",
        )
        with st.container(width="content"):
            draft.adder()
        st.page_link(
            f"pages/{LESSONS}.py",
            label=_("Edit it →"),
            query_params={"to_view": "1", "le_view": "write"},
            width="content",
        )
