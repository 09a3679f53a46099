"""The question before the class as a learner has it: the numbers it gives, the answer, and then how it was."""

import streamlit as st

from classroom import Refused, asking, store
from classroom.asking import REVEALED, Answer, Question
from figures.numbers import asked as figure_of
from figures.theme import Mode
from ui.asking import form, packed
from ui.asking.poll import Asked, Poll, weigh
from ui.asking.question import Question as Numbers
from ui.asking.question import Verdict
from ui.classroom import who
from ui.classroom.who import Learner
from ui.classroom.words import why
from ui.show import live_plot
from ui.text import filled, lesson, plain
from ui.text import translate as _

# What else on a page asks for an answer, or tells one: not while a question is before the class.
ALONE = ".st-key-atlas_own_answer, .st-key-atlas_guide_question { display: none; }"


def show(learner: Learner, question: Question, mode: Mode) -> None:
    """The question, and what became of it."""
    asked = packed.unpack(asking.asked_of(store.opened(), question, learner.member))
    said = asking.answered(store.opened(), question, learner.member)
    revealed = question.state == REVEALED
    head(asked, question.number, own=bool(asking.dealt(store.opened(), question)))
    if not revealed:
        st.html(f"<style>{ALONE}</style>")
    given(asked, revealed, mode, question.number)
    if said is None and question.state == asking.OPEN:
        ask(asked, question)
    elif not revealed:
        waiting(said)
    else:
        reveal(asked, said)


def head(asked: Asked, number: int, own: bool = False) -> None:
    """What is asked, and about which sentence; `own` if everybody has numbers of their own."""
    words = filled("{asked}", asked=asked.asked) if isinstance(asked, Poll) else asked.asked.html
    told = f"<small>{_('Question {number}').format(number=number)}</small> {words}"
    if isinstance(asked, Numbers) and (text := asked.there.get("to_text")):
        told += "<br><small>" + filled(_("The sentence: {text}"), text=text) + "</small>"
    if own:
        told += f"<br><small>{_('Everybody has another sentence, or other numbers: these are yours.')}</small>"
    st.html(f'<p class="atlas-asked" role="status">{told}</p>')


def given(asked: Asked, seen: bool, mode: Mode, number: int) -> None:
    """The numbers that it gives, as a picture; a poll gives none."""
    if not isinstance(asked, Numbers):
        return
    told = asked.given
    figure = figure_of.grid(
        told.values, told.rows, told.columns, names=told.names, value_name=told.value_name, title=told.title,
        hidden=told.hidden, shown=seen, mode=mode,
    )  # fmt: skip
    live_plot.show(figure, "class_given", form.in_words(asked, seen), f"{number}/{seen}")


def ask(asked: Asked, question: Question) -> None:
    """The form. An answer that cannot be taken any more stays in its field, with the reason."""
    key = f"class_answer_{question.id}"

    def take(typed: str, verdict: Verdict, value: float | None) -> None:
        try:
            member = who.learner().member
            asking.answer(store.opened(), question, member, typed, verdict.said, value, verdict.right)
        except Refused as refused:
            form.refuse(key, why(refused))

    form.answer(asked, key, _("Answer"), take)


def waiting(said: Answer | None) -> None:
    """Before the answer is revealed."""
    if said is None:
        st.info(_("This question takes no answers any more. Look at the front."))
    else:
        words = filled(_("Your answer is in: {said}. The first one counts; the right one comes soon."), said=said.said)
        st.html(f'<p class="atlas-cell" role="status">{words}</p>')


def reveal(asked: Asked, said: Answer | None) -> None:
    """How it was, why, and where the machine shows it."""
    found = weigh(asked, said.typed) if said else None
    lines = []
    if asked.answer:
        lines.append(form.verdict_words(asked, found[0] if found else None))
    elif said:
        lines.append(filled(_("Your answer: {said}."), said=said.said))
    reason = filled("{why}", why=asked.why) if isinstance(asked, Poll) else asked.why.html
    lines += [reason] if isinstance(asked, Numbers) or asked.why else []
    if lines:
        st.html('<div class="atlas-cell" role="status">' + "".join(f"<p>{each}</p>" for each in lines) + "</div>")
    see(asked)


def see(asked: Asked) -> None:
    """The way to the page where the machine shows the same."""
    if isinstance(asked, Numbers):
        label = _("See it on “{page}” →").format(page=plain(lesson(asked.page).name))
        st.page_link(f"pages/{asked.page}.py", label=label, query_params={"to_view": "1", **asked.there})
