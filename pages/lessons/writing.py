"""Write a lesson: its title and aims, its steps in their order, and its file."""

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from classroom import lessons, written
from classroom.lessons import Plan, PlanError
from pages.lessons import step_fields, telling
from ui import frame
from ui.changed.undo import button
from ui.frame import Workshop
from ui.guide import draft, place, shelf
from ui.text import plain
from ui.text import translate as _

FILE = 200  # kilobytes
TOLD, UPLOADS = "_le_told", "_le_uploads"  # in session state: what became of a file; how many there were


def show(shop: Workshop, line: DeltaGenerator) -> Plan:
    """The lesson that is being written."""
    plan = draft.plan()
    with line:
        told = _(
            "Walk to a view, press “Add this view as a step”, write a note: {count} steps, {minutes} minutes so far."
        )
        frame.first_line(told, count=len(plan.steps), minutes=plan.minutes)
    with st.container(horizontal=True, vertical_alignment="center"):
        key = f"le_writing_{int(draft.writing())}"
        st.toggle(
            _("I am writing a lesson"), draft.writing(), key=key, on_change=lambda: draft.write(bool(st.session_state[key])),
            help=_("Every page then has a button that makes its view a step."),
        )  # fmt: skip
        button(_("Undo"), "le_undo", draft.undo, disabled=not draft.can_undo())
        if plan.steps:
            st.html(telling.start(plan, place.MINE, _("Preview")), width="content")
    rooms = frame.more_rooms("_write")
    with rooms.picture:
        if plan.steps:
            telling.picture(plan, shop, "le_time_mine")
            step_fields.show(plan, telling.step(plan))
        else:
            st.info(
                _(
                    "No step yet. Switch on “I am writing a lesson”, go to any page, choose what is to be seen, and press its button."
                )
            )
    with rooms.words:
        fields(plan)
        give(plan)
        upload()
    return plan


def fields(plan: Plan) -> None:
    """Title, sentence and aims."""
    version, most = draft.version(), lessons.LENGTHS
    step_fields.field(
        _("Title"), plan.title, f"le_title_{version}", most["title"], lambda to: put(replace(draft.plan(), title=to))
    )
    step_fields.field(
        _("What it is about, one sentence"), plan.about, f"le_about_{version}", most["about"],
        lambda to: put(replace(draft.plan(), about=to)),
    )  # fmt: skip
    step_fields.field(
        _("Aims, one in a line: afterwards a learner can …"), "\n".join(plan.aims), f"le_aims_{version}", lessons.AIMS * (most["aim"] + 1),
        lambda to: put(replace(draft.plan(), aims=tuple(filter(None, map(str.strip, to.splitlines()))))), lines=4,
    )  # fmt: skip


def put(to: Plan) -> None:
    """Make this the lesson, if it can be one."""
    try:
        draft.change(lessons.read(written.write(to), shelf.pages(), whole=False))
    except PlanError as error:
        st.session_state[TOLD] = ("error", str(error))


def give(plan: Plan) -> None:
    """The file and the link, as soon as the lesson is whole; otherwise what it lacks."""
    if plan == Plan():
        return
    try:
        lessons.read(written.write(plan), shelf.pages())
    except PlanError as error:
        st.caption(_("Before it can be given away:") + " " + plain(str(error)))
        st.download_button(
            _("Download the draft (YAML)"),
            written.write(plan),
            "draft.yaml",
            "application/yaml",
            key="le_draft",
            on_click="ignore",
        )
        return
    telling.files(plan, place.MINE, "le_write")


def upload() -> None:
    """A lesson from a file, in place of the one there is: that can be taken back."""
    number = st.session_state.setdefault(UPLOADS, 0)
    file = st.file_uploader(
        _("Bring a lesson along (YAML)"), ["yaml", "yml"], key=f"le_upload_{number}", max_upload_size=1,
        help=_("It takes the place of the lesson above; Undo brings that back."),
    )  # fmt: skip
    if file is not None:
        take(file.getvalue())
        st.session_state[UPLOADS] = number + 1  # an empty field again
        st.rerun(scope="app")
    if told := st.session_state.pop(TOLD, None):
        (st.error if told[0] == "error" else st.success)(plain(told[1]))


def take(content: bytes) -> None:
    """Make a file the lesson, or say why not; nothing of the one there is gets lost."""
    try:
        if len(content) > FILE * 1000:
            raise PlanError(_("The file is too large for a lesson: {most} kB at most.").format(most=FILE))
        brought = lessons.read(content.decode("utf-8-sig"), shelf.pages(), whole=False)
        if brought == Plan():
            raise PlanError(_("The file is empty."))
        draft.change(brought, afresh=True)
        st.session_state[telling.STEP] = 1
        st.session_state[TOLD] = (
            "success",
            _("“{title}” is here now. Undo brings back what was there.").format(title=brought.title),
        )
    except UnicodeDecodeError:
        st.session_state[TOLD] = ("error", _("This file is no text in UTF-8."))
    except PlanError as error:
        st.session_state[TOLD] = ("error", str(error))
