"""The question before the class as its teacher has it: how many have answered, what they said as a picture, who was right."""

from collections.abc import Callable

import streamlit as st

from classroom import asking, rooms, store
from classroom.asking import CLOSED, OPEN, REVEALED, Answer, Question
from classroom.rooms import Room
from figures.theme import Mode
from ui import controls
from ui.asking import packed
from ui.asking.poll import Asked, Poll
from ui.asking.question import Question as Numbers
from ui.changed.undo import button
from ui.classroom import answering, guesses, who, words
from ui.session.kept import kept
from ui.text import filled
from ui.text import translate as _

WATCH, TROUBLE = "class_watch", "_class_trouble"


def watching() -> bool:
    """Whether the teacher looks at the answers while they arrive."""
    return bool(st.session_state.get(WATCH))


def question(room: Room, question: Question, mode: Mode) -> None:
    """What was asked, what came of it, and the next step."""
    asked = packed.unpack(question.asked)
    answers = asking.answers(store.opened(), question)
    own = bool(asking.dealt(store.opened(), question))
    answering.head(asked, question.number, own)
    members = rooms.members(store.opened(), room)
    with controls.row("atlas_controls_room"):
        counted = _("{answered} of {members} answered").format(answered=len(answers), members=len(members))
        st.html(f'<b class="atlas-class-count" role="status">{counted}</b>', width="content")
        steps(question)
    if trouble := st.session_state.pop(TROUBLE, None):
        st.warning(trouble)
    if question.state == REVEALED:
        revealed(asked, answers, own)
    if question.state != OPEN or watching():
        names = {member.id: member.name for member in members} if question.names else {}
        guesses.show(asked, answers, names, mode, revealed=question.state == REVEALED, own=own)
    if question.state == REVEALED and question.names:
        by_name(members, answers)


def steps(question: Question) -> None:
    """The buttons, as far as the question is."""
    if question.state == OPEN:
        with kept(WATCH, False):
            st.toggle(
                _("Watch them arrive"),
                key=WATCH,
                help=_("The picture of the answers while they come in, and not only afterwards."),
            )
        button(
            _("Close and show"),
            "class_close",
            act(lambda: asking.step(store.opened(), who.teacher(), question, CLOSED)),
        )
    if question.state != REVEALED:
        button(_("Reveal"), "class_reveal", act(lambda: asking.step(store.opened(), who.teacher(), question, REVEALED)))
    else:
        names = act(lambda: named(question))
        st.toggle(_("With nicknames"), question.names, key=f"class_names_{question.id}", on_change=names)
    button(_("Put away"), "class_away", act(lambda: asking.put_away(store.opened(), who.teacher())))


def named(question: Question) -> None:
    """Show who said what, or no longer."""
    who.teacher()
    asking.show_names(store.opened(), question, bool(st.session_state.get(f"class_names_{question.id}")))


def act(do: Callable[[], None]) -> Callable[[], None]:
    """A click; what is refused is said under the row."""
    return words.act(do, TROUBLE)


def revealed(asked: Asked, answers: list[Answer], own: bool) -> None:
    """The right answer and its sum; how many had it."""
    lines = []
    if asked.answer:
        right = sum(bool(answer.right) for answer in answers)
        if own:
            lines.append(
                filled(
                    _("{right} of {count} are right, each with numbers of their own. With yours:"),
                    right=right,
                    count=len(answers),
                )
            )
        else:
            lines.append(
                filled(
                    _("It is {answer}. {right} of {count} are right."),
                    answer=asked.answer,
                    right=right,
                    count=len(answers),
                )
            )
    if isinstance(asked, Numbers):
        lines.append((filled("{answer}: ", answer=asked.answer) if own else "") + asked.why.html)
    elif isinstance(asked, Poll) and asked.why:
        lines.append(filled("{why}", why=asked.why))
    if lines:
        st.html('<div class="atlas-cell" role="status">' + "".join(f"<p>{each}</p>" for each in lines) + "</div>")
    answering.see(asked)


def by_name(members: list[rooms.Member], answers: list[Answer]) -> None:
    """Who was right, who was not, who said nothing."""
    said = {answer.member_id: answer for answer in answers}
    groups = {
        _("right"): [each.name for each in members if each.id in said and said[each.id].right],
        _("not right"): [f"{each.name} ({said[each.id].said})" for each in members if each.id in said and said[each.id].right is False],
        _("answered"): [f"{each.name} ({said[each.id].said})" for each in members if each.id in said and said[each.id].right is None],
        _("no answer"): [each.name for each in members if each.id not in said],
    }  # fmt: skip
    told = [filled("{title}: {names}", title=title, names=", ".join(names)) for title, names in groups.items() if names]
    st.html('<p class="atlas-class-names">' + "<br>".join(told) + "</p>")
