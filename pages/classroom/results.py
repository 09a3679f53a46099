"""Who answered what: a table for the teacher, and the same as CSV that no spreadsheet runs."""

from typing import Any

import streamlit as st

from classroom import results, store
from classroom.results import Line
from classroom.rooms import Member, Room
from ui.asking import packed
from ui.asking.question import Question
from ui.show import tables
from ui.text import translate as _


def show(room: Room, members: list[Member]) -> None:
    """Folded, and only made when it is unfolded."""
    if not members:
        return
    fold = st.expander(_("Results, by learner and question"), key="class_results", on_change="rerun")
    if not fold.open:
        return
    with fold:
        lines = results.lines(store.opened(), room)
        if not lines:
            st.info(_("No question has been put yet."))
            return
        columns, rows = sheet(lines)
        tables.plain(columns, rows, f"attention_atlas_{room.code}")
        st.caption(_("They are deleted with the room: save the file before you end it."))


def sheet(lines: list[Line]) -> tuple[list[str], list[list[Any]]]:
    """The columns and rows."""
    columns = [
        _("number"), _("nickname"), _("question"), _("answer"), _("the right one"), _("right"), _("seconds"), _("asked"), _("sentence"),
    ]  # fmt: skip
    return columns, [[tables.harmless(cell) for cell in row(line)] for line in lines]


def row(line: Line) -> list[Any]:
    """One learner and one question; who said nothing has empty cells."""
    asked, said = packed.unpack(line.asked), line.answer
    who = [line.member.number, line.member.name, line.question.number]
    about = [packed.words(asked), asked.there.get("to_text", "") if isinstance(asked, Question) else ""]
    if said is None:
        return [*who, "", asked.answer, "", "", *about]
    right = "" if said.right is None else str(int(said.right))
    return [*who, said.said, asked.answer, right, f"{said.at - line.question.put:.1f}", *about]
