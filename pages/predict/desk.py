"""The page from above to below: the question, the numbers it gives, the learner's answer, and then the model's."""

from dataclasses import dataclass

import streamlit as st

from pages.predict import record
from pages.predict.deal import SAID, Dealt
from pages.predict.kinds import KINDS
from ui.asking import form
from ui.asking.question import Verdict, check, within
from ui.changed.telling import show
from ui.changed.undo import button
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.show import tables
from ui.text import filled, lesson, plain
from ui.text import translate as _

SHOWN = "show"  # an answer: show me


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of the question: nothing yet, or it may be seen."""

    seen: bool
    verdict: Verdict | None  # `None` too if the learner asked to be shown


def answered(now: Dealt) -> Answered:
    """What the address says that was answered; what is no answer to this question counts as none."""
    said = str(st.session_state[SAID])
    if said == SHOWN:
        return Answered(True, None)
    verdict = check(now.question, said) if said else None
    return Answered(verdict is not None, verdict)


def asked(rooms: Rooms, now: Dealt) -> None:
    """The question, in the first line."""
    question = now.question.asked
    rooms.seen(question.template, **question.values)


def about(session: Session, now: Dealt) -> None:
    """Which question this is, and whose sentence it is about if that is not the one of the sidebar."""
    where = filled(_("Question {number} · {page}"), number=now.number, page=lesson(now.question.page).name)
    whose = ""
    if now.session is not session:
        told = _("The sentence is that of your number {seed}, not the one in the sidebar: “{text}”")
        whose = f"<p>{filled(told, seed=now.seed, text=now.session.walk.source_text)}</p>"
    show(f'<div class="atlas-asked"><small>{where}</small>{whose}</div>')


def answer(now: Dealt) -> None:
    """Where the answer is given."""

    def take(typed: str, verdict: Verdict, _value: float | None) -> None:
        st.session_state[SAID] = typed
        record.take(now, verdict)

    form.answer(now.question, f"pr_typed_{now.seed}_{now.number}_{now.question.kind}", _("Check"), take)


def give_up(now: Dealt) -> None:
    """A button for who does not know."""

    def shown() -> None:
        st.session_state[SAID] = SHOWN
        record.take(now, None)

    button(_("Show me"), "pr_show", shown)


def reveal(now: Dealt, found: Answered) -> None:
    """Whether it was right, how the answer comes about, and where the machine shows it."""
    said = form.verdict_words(now.question, found.verdict)
    show(f'<div class="atlas-cell atlas-change" role="status"><p>{said}</p><p>{now.question.why.html}</p></div>')


def links(session: Session, now: Dealt) -> None:
    """The way to the page where the machine shows the same."""
    address = {"to_view": "1", **now.question.there}
    if now.session is not session:
        address |= {"to_text": now.session.walk.source_text, "target": "model"}
    name = plain(lesson(now.question.page).name)
    st.page_link(
        f"pages/{now.question.page}.py", label=_("See it on “{page}” →").format(page=name), query_params=address
    )


def twin(now: Dealt, seen: bool) -> None:
    """The numbers as a table; what is asked for only once it may be seen."""
    given = now.question.given
    rows = [
        [name, *(None if (row, place) in given.hidden and not seen else float(value) for place, value in enumerate(given.values[row]))]
        for row, name in enumerate(given.rows)
    ]  # fmt: skip
    tables.twin([given.names[0], *unique(given.columns)], rows, "predict")


def unique(columns: tuple[str, ...]) -> list[str]:
    """The names of columns, which a table wants to differ."""
    return [f"{place} {name}" if columns.count(name) > 1 else name for place, name in enumerate(columns, 1)]


def values(now: Dealt) -> dict[str, str]:
    """The numbers of the lesson."""
    lines = list(record.record().values())
    question = now.question
    way = within(question) or _("one of these: {options}").format(options=", ".join(question.options))
    return {
        "number": str(now.number), "seed": str(now.seed), "kinds": str(len(KINDS)), "count": str(len(lines)),
        "right": str(sum(line.right for line in lines)), "form": way,
        "sentence": now.session.walk.source_text, "page": lesson(question.page).name,
    }  # fmt: skip
