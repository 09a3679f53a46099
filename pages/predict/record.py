"""What the learner has answered in this session: the score, and a table to take away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.predict.deal import Dealt
from ui.asking.question import Verdict
from ui.changed.telling import table_of
from ui.show import tables
from ui.text import lesson
from ui.text import translate as _

RECORD, NAME = "_pr_record", "pr_name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One answer: the first that was given to a question counts."""

    seed: int
    number: int
    page: str
    model: str
    sentence: str
    asked: str
    said: str  # "" if the learner asked to be shown
    answer: str
    right: bool


def record() -> dict[str, Line]:
    """All answers of this session, by the question's key."""
    found: dict[str, Line] = st.session_state.setdefault(RECORD, {})
    return found


def take(now: Dealt, verdict: Verdict | None) -> None:
    """Write down an answer; `None` if the learner asked to be shown."""
    question, session = now.question, now.session
    record().setdefault(now.key, Line(
        seed=now.seed, number=now.number, page=question.page, model=session.origin.folder.name,
        sentence=session.walk.source_text, asked=question.asked.plain, said=verdict.said if verdict else "",
        answer=question.answer, right=bool(verdict and verdict.right),
    ))  # fmt: skip


def summary() -> None:
    """The score, in all and page by page, and the file; nothing before the first answer."""
    lines = list(record().values())
    if not lines:
        return
    right = sum(line.right for line in lines)
    told = _("{right} of {count} right").format(right=right, count=len(lines))
    pages = sorted({line.page for line in lines}, key=lambda page: int(page.partition("_")[0]))
    rows = [[lesson(page).name, score(lines, page)] for page in pages]
    with st.expander(_("Your session"), key="pr_session", on_change="rerun") as folded:
        table_of(told, (_("page"), _("right")), rows)
        if folded.open:
            name = st.text_input(_("Your name, for the file"), key=NAME, max_chars=60, width=260)
            columns, cells = sheet(lines, name)
            tables.download(columns, cells, "attention_atlas_session")
            st.caption(_("Kept until this tab is closed or loaded anew: save the file before."))


def score(lines: Sequence[Line], page: str) -> str:
    """`2 of 3` with a sign for each answer."""
    own = [line.right for line in lines if line.page == page]
    signs = " ".join("✓" if right else "✗" for right in own)
    return f"{_('{right} of {count}').format(right=sum(own), count=len(own))} {signs}"


def sheet(lines: Sequence[Line], name: str) -> tuple[list[str], list[list[Any]]]:
    """The table to take away: its columns and rows. What a spreadsheet would take for a formula is made text."""
    columns = [
        _("name"), _("number"), _("question"), _("page"), _("model"), _("sentence"), _("asked"), _("your answer"), _("the model’s answer"),
        _("right"),
    ]  # fmt: skip
    rows = [
        [name, line.seed, line.number, lesson(line.page).name, line.model, line.sentence, line.asked, line.said, line.answer, int(line.right)]
        for line in lines
    ]  # fmt: skip
    return columns, [[tables.harmless(cell) for cell in row] for row in rows]
