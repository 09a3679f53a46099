"""The page from above to below: the question, the numbers it gives, the learner's answer, and then the model's."""

from dataclasses import dataclass

import streamlit as st

from pages.predict import record
from pages.predict.deal import SAID, Dealt
from pages.predict.kinds import KINDS
from pages.predict.question import Question, Verdict, check, number, within
from ui import controls
from ui.changed.telling import show
from ui.changed.undo import button
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.show import tables
from ui.text import filled, lesson, plain
from ui.text import translate as _

SHOWN, REFUSED = "show", "_pr_refused"  # an answer: show me; what was typed and is no answer


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


def alt(question: Question, seen: bool) -> str:
    """The picture in words."""
    given, told = question.given, []
    for row, name in enumerate(given.rows):
        cells = [
            f"{column} {_('unknown') if (row, place) in given.hidden and not seen else number(given.values[row, place])}"
            for place, column in enumerate(given.columns)
            if given.values[row, place] == given.values[row, place]
        ]
        told.append(f"{name}: {', '.join(cells)}")
    return f"{given.title}. {'; '.join(told)}."


def answer(now: Dealt) -> None:
    """Where the answer is given: options or a field, by mouse or keyboard."""
    question, key = now.question, f"pr_typed_{now.seed}_{now.number}_{now.question.kind}"

    def take() -> None:
        typed = str(st.session_state.get(key) or "")
        verdict = check(question, typed) if typed else None
        if verdict is None:
            st.session_state[REFUSED] = (key, typed)
            return
        st.session_state[SAID] = typed
        record.take(now, verdict)

    with st.form(f"{key}_form", border=False), controls.row("atlas_controls_answer"):
        if question.options:
            codes = [str(place) for place in range(1, len(question.options) + 1)]
            names = dict(zip(codes, map(plain, question.options), strict=True))
            st.segmented_control(_("Your answer"), codes, format_func=names.__getitem__, key=key, wrap=True)
        else:
            st.text_input(_("Your answer: {form}").format(form=within(question)), key=key, max_chars=40, width=260)
        st.form_submit_button(_("Check"), on_click=take, type="primary")
    if (refused := st.session_state.pop(REFUSED, None)) and refused[0] == key:
        st.warning(complaint(question, refused[1]))


def complaint(question: Question, typed: str) -> str:
    """What is wrong with an answer that is none."""
    if question.options:
        return _("Choose one of the answers first.")
    if not typed.strip():
        return _("Write a number first. A guess is fine.")
    return _("“{typed}” is not a number. Write it like 0.25, −1.5, 50 % or 1/2.").format(typed=plain(typed[:40]))


def give_up(now: Dealt) -> None:
    """A button for who does not know."""

    def shown() -> None:
        st.session_state[SAID] = SHOWN
        record.take(now, None)

    button(_("Show me"), "pr_show", shown)


def reveal(now: Dealt, found: Answered) -> None:
    """Whether it was right, how the answer comes about, and where the machine shows it."""
    question, verdict = now.question, found.verdict
    answer = quoted(question.answer)
    if verdict is None:
        said = filled(_("It is {answer}."), answer=answer)
    elif verdict.right:
        said = filled(_("✓ Right: {answer}."), answer=answer)
    elif verdict.far is None:
        said = filled(_("✗ You said {said}. It is {answer}."), said=quoted(verdict.said), answer=answer)
    else:
        away = number(verdict.far, question.digits or 1)
        template = _("✗ You said {said}. It is {answer}, {away} away.")
        said = filled(template, said=verdict.said, answer=answer, away=away)
    show(f'<div class="atlas-cell atlas-change" role="status"><p>{said}</p><p>{question.why.html}</p></div>')


def quoted(answer: str) -> str:
    """A punctuation mark would get lost in a sentence, and a sentence would end twice."""
    return answer if any(map(str.isalnum, answer)) and not answer.endswith(".") else f"“{answer}”"


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
    form = within(question) or _("one of these: {options}").format(options=", ".join(question.options))
    return {
        "number": str(now.number), "seed": str(now.seed), "kinds": str(len(KINDS)), "count": str(len(lines)),
        "right": str(sum(line.right for line in lines)), "form": form,
        "sentence": now.session.walk.source_text, "page": lesson(question.page).name,
    }  # fmt: skip
