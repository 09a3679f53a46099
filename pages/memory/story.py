"""The view of one story: where each hop looks, the sum behind a look, and what the answer is without a fact."""

import numpy as np
import streamlit as st

from figures.systems.looks import looks as drawn
from pages.memory import asking, looks, networks, telling
from pages.memory.asking import FACT, HOP
from pages.memory.looks import Looks
from pages.memory.typed import Typed, typed
from systems.stories.memory import MemoryNetwork
from ui import controls, frame
from ui.controls import dimension
from ui.frame import Rooms, Workshop
from ui.session.kept import address
from ui.show import live_plot, proof, prose, sums, tables
from ui.text import plain
from ui.text import translate as _


def show(rooms: Rooms, session: Workshop, asked: asking.Asked) -> None:
    """Picture and words; in place of them a sentence if there is nothing to look at."""
    dimension.remember()
    assert asked.network
    model = networks.network(asked.network)
    told = typed(asked.story, asked.question, model.ids)
    with rooms.picture:
        say(told)
    if told.wrong:
        with rooms.line:
            return frame.heading(session.lesson)
    out = asking.without(len(told.lines))
    found = looks.looks(model, told, out)
    fact, hop = cell(found)
    first(rooms, found, model)
    changes, answers = looks.one_less(found)
    with rooms.picture:
        picture(session, found, changes, answers, (fact, hop))
    with rooms.words:
        telling.tell(found, hop, fact, dimension.chosen(model.sizes.d_model))
        beneath(found, changes, answers, (fact, hop))
        gold(found)
        prose.depths(session.lesson, values(found, fact, hop))


def say(told: Typed) -> None:
    """What is wrong, and what is to be known."""
    for note in told.notes:
        st.caption(plain(note))
    if told.wrong:
        st.info(plain(told.wrong))
        address()


def first(rooms: Rooms, found: Looks, model: MemoryNetwork) -> None:
    """The sentence over everything."""
    out = asking.without(len(found.typed.lines))
    chance = sums.number(float(found.chances.max()), 2)
    if not out:
        told = _("{question} The network answers {answer} ({chance}) and looks most at: {most}.")
        return rooms.seen(
            told, question=found.typed.question, answer=found.answer, chance=chance, most=telling.most(found)
        )
    whole = looks.looks(model, found.typed)
    told = _("{question} Without fact {out} the network answers {answer} ({chance}); with all facts {before}.")
    named = ", ".join(str(each + 1) for each in out)
    return rooms.seen(
        told, question=found.typed.question, answer=found.answer, chance=chance, out=named, before=whole.answer
    )


def cell(found: Looks) -> tuple[int, int]:
    """The fact and the hop that the learner points at; until then the last hop and the fact that it looks at most."""
    fact, hop = asking.chosen(FACT, found.left), asking.chosen(HOP, range(len(found.hops)))
    hop = len(found.hops) - 1 if hop is None else hop
    return found.left[int(found.hops[hop].weights.argmax())] if fact is None else fact, hop


def picture(
    session: Workshop, found: Looks, changes: np.ndarray, answers: tuple[str, ...], chosen: tuple[int, int]
) -> None:
    """The map of facts and hops, and beside it the answer without each fact."""
    rows = [telling_row(found, place) for place in range(len(found.typed.lines))]
    columns = [_("hop {number}").format(number=number) for number in range(1, len(found.hops) + 1)]
    last = len(columns)
    shown = {
        (place, last): answers[place] for place in found.left if answers[place] and answers[place] != found.answer
    } | {(place, last): _("put back") for place in range(len(rows)) if place not in found.left}
    change = np.where(np.isnan(changes), 0.0, changes)[:, None]
    title, names = _("What each hop looks at"), (_("fact"), _("hop"))
    figure = drawn(
        found.weights, rows, columns, changes=change, changed=[_("without it")], gold=found.gold, texts=shown, names=names,
        value_name=_("weight"), title=title, mode=session.mode, selected=chosen,
    )  # fmt: skip
    alt = _("{title}. {most}. Facts that decide: {gold}.").format(
        title=title, most=telling.most(found), gold=", ".join(str(each + 1) for each in found.gold) or _("not known")
    )
    scope = "|".join((*found.typed.lines, found.typed.question))

    def take(clicked: live_plot.Cell) -> None:
        fact, column = int(clicked[0] or 0), int(clicked[1] or 0)
        if column == last:
            asking.toggle(fact, len(rows))
        else:
            st.session_state[FACT], st.session_state[HOP] = fact, column

    live_plot.show(figure, "mem_hops", alt, scope, on_click=take, look=session.lesson.look)
    table = [
        [row, *("" if np.isnan(weight) else float(weight) for weight in weights), answers[place] or "", float(change[place, 0])]
        for place, (row, weights) in enumerate(zip(rows, found.weights, strict=True))
    ]  # fmt: skip
    tables.twin([_("fact"), *columns, _("answer without it"), _("change of its chance")], table, "mem_hops")


def telling_row(found: Looks, place: int) -> str:
    """The label of a fact: its number and its words; that it is taken away."""
    text = f"{place + 1} {found.typed.lines[place]}"
    return text if place in found.left else _("{fact} (taken away)").format(fact=text)


def beneath(found: Looks, changes: np.ndarray, answers: tuple[str, ...], chosen: tuple[int, int]) -> None:
    """Below the sum: take the fact away, all back, and the dimension that is told in full."""
    out, count, fact = asking.without(len(found.typed.lines)), len(found.typed.lines), chosen[0]
    if answers[fact]:
        told = _("Without fact {fact} the network would answer {answer}; the chance of {now} changes by {change}.")
        prose.cell(told, fact=fact + 1, answer=answers[fact], now=found.answer, change=signed(float(changes[fact])))
    with controls.row("atlas_controls_fact"):
        label = _("Take fact {fact} away").format(fact=fact + 1)
        st.button(label, key="mem_away", on_click=asking.toggle, args=(fact, count), disabled=len(found.left) < 2)
        if out:
            st.button(_("All facts back"), key="mem_back", on_click=asking.all_back)
        dimension.slider(found.model.sizes.d_model, telling.strongest(found, *chosen))


def signed(value: float) -> str:
    """A change, with its sign."""
    return ("+" if value > 0 else "") + sums.number(value, 2)


def gold(found: Looks) -> None:
    """Which facts decide by the rules, and how much each hop gives them."""
    known = found.typed.known
    link = proof.Link("460_memory", _("Held-out stories"), {asking.VIEW: "gold"})
    beside = proof.Link("460_memory", _("One hop, no time"), {asking.VIEW: "beside"})
    if known is None:
        return proof.show(_("Which facts decide is not known here."), link, beside)
    given = ", ".join(
        _("hop {hop} {share}").format(hop=number, share=f"{on_gold(found, hop.weights):.2f}")
        for number, hop in enumerate(found.hops, 1)
    )  # fmt: skip
    told = _("By the rules all facts say {answer}, because of fact {gold}. These got {given} of the look.")
    return proof.show(
        told, link, beside, answer=known.answer, gold=", ".join(str(each + 1) for each in known.gold), given=given
    )


def values(found: Looks, fact: int, hop: int) -> dict[str, str]:
    """For the lesson."""
    cell = telling.weighing(found, hop, fact)
    return {
        "count": str(len(found.left)), "hops": str(len(found.hops)), "answer": found.answer, "fact": str(fact + 1), "hop": str(hop + 1),
        "score": sums.number(cell.score), "weight": sums.number(cell.weight, 4), "d": str(found.model.sizes.d_model),
        "question": found.typed.question, "parameters": f"{found.model.number_of_parameters:,}", "vocabulary": str(len(found.model.words)),
    }  # fmt: skip


def on_gold(found: Looks, weights: np.ndarray) -> float:
    """The share of a hop's look that the deciding facts get."""
    return sum(float(weights[found.left.index(each)]) for each in found.gold if each in found.left)
