"""The view of all networks on the learner's story: one hop against three, shared weights, and what is lost without time."""

import numpy as np
import streamlit as st

from figures.systems.looks import looks as drawn
from pages.memory import asking, looks, networks
from pages.memory.looks import Looks
from pages.memory.story import on_gold, say
from pages.memory.typed import typed
from systems import records
from systems.stories import exam
from ui import frame
from ui.frame import Rooms, Workshop
from ui.session import systems
from ui.session.state import Origin
from ui.show import live_plot, proof, prose, sums, tables
from ui.text import translate as _


def show(rooms: Rooms, session: Workshop, asked: asking.Asked, models: dict[str, Origin]) -> None:
    """Every kind of network side by side on the same facts."""
    each = systems.first_of_each(models, networks.MODEL)
    opened = {kind: networks.network(origin) for kind, origin in each.items()}
    told = typed(asked.story, asked.question, next(iter(opened.values())).ids)
    with rooms.picture:
        say(told)
    if told.wrong:
        with rooms.line:
            return frame.heading(session.lesson)
    out = asking.without(len(told.lines))
    found = {kind: looks.looks(model, told, out) for kind, model in opened.items()}
    answers = "; ".join(
        f"{networks.called(kind)}: {one.answer} ({sums.number(float(one.chances.max()), 2)})"
        for kind, one in found.items()
    )
    first = _("{question} Without fact {out}: {answers}.") if out else _("{question} {answers}.")
    rooms.seen(first, question=told.question, answers=answers, out=", ".join(str(each + 1) for each in out))
    with rooms.picture:
        picture(session, found)
        table(found, each)
    with rooms.words:
        backwards(found)
        link = proof.Link("300_train", _("Train one yourself"), {"train_what": "system", "train_system": "memory-one"})
        if told.known:
            right = [networks.called(kind) for kind, one in found.items() if one.answer == told.known.answer]
            proof.show(
                _("By the rules all facts say {answer}. Right: {right}."),
                link,
                answer=told.known.answer,
                right="; ".join(right) or "–",
            )
        else:
            proof.show(_("What is right is not known here."), link)
        prose.depths(session.lesson.of("beside"), {"count": str(len(told.lines))})


def picture(session: Workshop, found: dict[str, Looks]) -> None:
    """The facts down; to the right the look of each hop of each network."""
    first = next(iter(found.values()))
    rows = [f"{place + 1} {line}" for place, line in enumerate(first.typed.lines)]
    columns = [
        f"{networks.short(kind)} {number + 1}" if len(one.hops) > 1 else networks.short(kind)
        for kind, one in found.items() for number in range(len(one.hops))
    ]  # fmt: skip
    weights = np.concatenate([one.weights for one in found.values()], axis=1)
    title = _("The same facts in every network")
    figure = drawn(
        weights, rows, columns, gold=first.gold, names=(_("fact"), _("network and hop")), value_name=_("weight"), title=title, mode=session.mode
    )  # fmt: skip
    said = "; ".join(f"{column}: {rows[int(np.nanargmax(weights[:, place]))]}" for place, column in enumerate(columns))
    live_plot.show(figure, "mem_beside", f"{title}. {said}", "|".join(rows), look=session.lesson.of("beside").look)
    listed = [
        [row, *("" if np.isnan(value) else float(value) for value in line)]
        for row, line in zip(rows, weights, strict=True)
    ]
    tables.twin([_("fact"), *columns], listed, "mem_beside")


def backwards(found: dict[str, Looks]) -> None:
    """The proof of temporal encoding: the same facts told in the reverse order."""
    lines = []
    for kind in ("memory", "memory-timeless"):
        if kind in found:
            one = found[kind]
            typed_back = one.typed.__class__(
                lines=one.typed.lines[::-1], words=one.typed.words[::-1], question=one.typed.question, asks=one.typed.asks
            )  # fmt: skip
            back = looks.looks(one.model, typed_back)
            lines.append(
                _("{name}: {before}, backwards {after}").format(
                    name=networks.called(kind), before=one.answer, after=back.answer
                )
            )
    if lines:
        prose.cell(
            _(
                "Told backwards the story is another one. {lines}. Without T, the rows for the age of a fact, a network cannot even notice."
            ),
            lines="; ".join(lines),
        )


def table(found: dict[str, Looks], origins: dict[str, Origin]) -> None:
    """What each answers here, and what it gets right on held-out stories."""
    try:
        known = exam.read()
    except ValueError as error:
        known = {}
        st.caption(str(error))
    rows = []
    for kind, one in found.items():
        recorded = known.get(records.weights_of(origins[kind].folder), {})
        shares = [exam.facts(recorded, count) for count in (1, 2, 3)]
        gold = f"{max(on_gold(one, hop.weights) for hop in one.hops):.2f}" if one.gold else ""
        rows.append(
            [networks.called(kind), one.answer, round(float(one.chances.max()), 3), gold]
            + ["" if share is None else round(100 * share, 1) for share in shares]
        )
    columns = [
        _("network"), _("answer"), _("chance"), _("most on gold"), _("1 fact, % right"), _("2 facts, % right"), _("3 facts, % right"),
    ]  # fmt: skip
    tables.plain(columns, rows, "mem_networks")
