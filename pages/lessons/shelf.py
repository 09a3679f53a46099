"""The lessons there are: a card for each, and the chosen one from within, as a teacher wants to see it."""

import html

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from classroom.lessons import Plan, Question, Step
from pages.lessons import telling
from ui import frame
from ui.asking.poll import said
from ui.frame import Workshop
from ui.guide import draft, locks, place
from ui.guide import shelf as lessons_shelf
from ui.text import plain
from ui.text import translate as _


def show(shop: Workshop, line: DeltaGenerator) -> Plan:
    """The cards, and below them the lesson that is looked into."""
    plans = lessons_shelf.shipped()
    if (mine := draft.known()) and mine.steps:
        plans[place.MINE] = mine
    name = str(st.session_state[telling.CHOSEN])
    name = name if name in plans else next(iter(plans))
    plan = plans[name]
    with line:
        told = _("{title}: {minutes} minutes in {count} steps, {asked} of them with a question.")
        asked = sum(step.question is not None for step in plan.steps)
        frame.first_line(
            told, title=plan.title or _("Your lesson"), minutes=plan.minutes, count=len(plan.steps), asked=asked
        )
    with st.container(key="atlas_lessons"):
        for each, its in plans.items():
            card(each, its)
    rooms = frame.more_rooms()
    with rooms.picture:
        telling.picture(plan, shop, f"le_time_{name}")
    with rooms.words:
        about(plan, name)
    st.subheader(_("For the teacher: steps, questions and answers"), anchor=False)
    for number, step in enumerate(plan.steps):
        inside(plan, name, number, step)
    return plan


def card(name: str, plan: Plan) -> None:
    """A lesson: what it is about, how long it takes, and its beginning."""
    time = _("{minutes} minutes, {count} steps").format(minutes=plan.minutes, count=len(plan.steps))
    own = f" · {_('in this browser')}" if name == place.MINE else ""
    with st.container(border=True, key=f"le_card_{name}"):
        st.html(
            f'<div class="atlas-lesson"><h2>{html.escape(plan.title or _("Your lesson"))}</h2><p>{html.escape(plan.about)}</p>'
            f'<p class="time">{html.escape(time + own)}</p></div>'
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(telling.start(plan, name, _("Start")), width="content")
            st.button(_("Look inside"), key=f"le_open_{name}", type="tertiary", on_click=choose, args=(name,))


def choose(name: str) -> None:
    """Look into a lesson."""
    st.session_state[telling.CHOSEN], st.session_state[telling.STEP] = name, 1


def about(plan: Plan, name: str) -> None:
    """Its aims, and the ways to give it away or to change it."""
    if plan.aims:
        st.markdown(f"**{_('Afterwards a learner can')}**")
        st.markdown("\n".join(f"- {plain(aim)}" for aim in plan.aims))
    telling.files(plan, name, "le_shelf")
    if name != place.MINE:
        st.button(_("Make it my own and change it"), key="le_take", on_click=take, args=(plan,))


def take(plan: Plan) -> None:
    """Begin one's own lesson with this one."""
    draft.change(plan, afresh=True)
    draft.write(True)
    st.session_state[telling.VIEW] = "write"


def inside(plan: Plan, name: str, number: int, step: Step) -> None:
    """One step as the teacher sees it."""
    with st.container(key=f"le_inside_{number}"):
        before = sum(each.minutes for each in plan.steps[:number])
        head = _("{number}. {page}").format(number=number + 1, page=lessons_shelf.called(step.page))
        time = _("minute {start} to {end}").format(start=before, end=before + step.minutes)
        way = html.escape(place.address(plan, number, name))
        st.html(
            f'<p class="atlas-lesson"><b>{html.escape(head)}</b> · {html.escape(time)} · <a href="{way}">{html.escape(_("Open"))}</a></p>'
        )
        if step.note:
            st.markdown(step.note)
        if step.question:
            st.html(f'<div class="atlas-answer-of">{answer(step.question)}</div>')
        if step.locked:
            st.caption(locks.told(step))
        if step.teacher:
            st.html(f'<p class="atlas-answer-of"><b>{html.escape(_("For you:"))}</b> {html.escape(step.teacher)}</p>')


def answer(asked: Question) -> str:
    """A question with its answer (HTML)."""
    parts = [f"<b>{html.escape(asked.ask)}</b>"]
    parts += [f"{'✓' if each == asked.right else '○'} {html.escape(each)}" for each in asked.options]
    if asked.kind in ("word", "number"):
        within = f" ± {asked.tolerance:g}" if asked.tolerance else ""
        parts.append(
            f"✓ {html.escape(said(asked.right) if isinstance(asked.right, float) else str(asked.right))}{within}"
        )
    if asked.kind == "open":
        parts.append(html.escape(_("No one right answer.")))
    return "<br>".join([*parts, *([html.escape(asked.why)] if asked.why else [])])
