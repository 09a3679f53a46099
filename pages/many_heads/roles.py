"""What each head does, in words, with the numbers that it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import streamlit as st

from figures.heads import head_grid
from figures.labels import label
from pages.many_heads.heads import Asked, Table, choose_head, named, numbered, stacked
from transformer.analysis import head_roles
from transformer.analysis.head_roles import Measures
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.measures import arithmetic
from ui.measures.arithmetic import DotProduct
from ui.measures.roles import role_words
from ui.session import attentions, choice, pointed
from ui.session.attentions import Attention, Cell, Kind, Numbers
from ui.session.state import Origin
from ui.show import sums
from ui.show.numpy_lines import Redo
from ui.show.picture import Picture
from ui.text import filled
from ui.text import translate as _

MEASURE = "measure"  # its key in the address


@dataclass(frozen=True, slots=True)
class Habit:
    """What one head does on this sentence."""

    layer: int
    head: int
    found: Measures
    expected: Measures  # by chance
    code: head_roles.Role


def habits(session: Session, kind: Kind) -> list[Habit]:
    """Every head of one attention, layer by layer."""
    return remembered(session, session.origin, choice.scope(session.walk), kind)


@st.cache_data(max_entries=128, show_spinner=False)
def remembered(_session: Session, origin: Origin, scope: str, kind: Kind) -> list[Habit]:  # noqa: ARG001
    """The same, measured once for a model and its pieces."""
    return [
        Habit(view.layer, head, *measured(view, view.weights[head]))
        for view in stacked(_session, kind) for head in range(len(view.weights))
    ]  # fmt: skip


def measured(view: Attention, weights: Numbers) -> tuple[Measures, Measures, head_roles.Role]:
    """The measures of `weights (query, key)`, those of chance, and the role."""
    crossing, flags = view.kind == "cross", head_roles.delimiters(view.key_pieces)
    found = head_roles.measure(weights, view.mask, flags, crossing)
    expected = head_roles.chance(view.mask, flags, crossing)
    return found, expected, head_roles.role(found, expected)


def role_of(view: Attention, head: int | None) -> tuple[Measures, Measures, str]:
    """The measures of a head (or of the mean of all), those of chance, and its role in words."""
    found, expected, code = measured(view, view.weights.mean(0) if head is None else view.weights[head])
    return found, expected, role_words()[code]


def measure_words() -> dict[str, str]:
    """The measures that are shares, by their name in `Measures`."""
    return {
        "previous": _("previous"), "same": _("itself"), "next": _("next"), "diagonal": _("diagonal"),
        "delimiters": _("delimiters"), "evenness": _("evenness"),
    }  # fmt: skip


def told_shares(found: Measures, expected: Measures) -> str:
    """`previous 0.71 (by chance 0.08), itself 0.10 (...)`."""
    told = _("{name} {share} (by chance {chance})")
    return ", ".join(
        told.format(name=name, share=share, chance=chance) for name, share, chance in shares(found, expected)
    )


def shares(found: Measures, expected: Measures) -> list[tuple[str, str, str]]:
    """Each measure that is a share of the weight: its name, its value, and that of chance."""
    return [
        (words, f"{getattr(found, name):.2f}", f"{getattr(expected, name):.2f}")
        for name, words in measure_words().items()
        if getattr(found, name) is not None and name != "evenness"
    ]


def tell_role(who: str, found: Measures, expected: Measures, role: str) -> None:
    """Room 4 before a cell is clicked: the role of a head, and the shares that it rests on."""
    by_chance = _("by chance {share}")
    lines = [
        sums.Line(escape(name), f"<b>{share}</b> ({escape(by_chance.format(share=chance))})")
        for name, share, chance in shares(found, expected)
    ]
    foot = sums.why(_("Click a cell to see where its number comes from."))
    sums.show(filled(_("{who}: {role}"), who=who, role=role), lines, foot)


def kept(found: Sequence[Habit]) -> list[str]:
    """The names of the measures that have a meaning here."""
    return [name for name in measure_words() if any(getattr(each.found, name) is not None for each in found)]


def seen(rooms: Rooms, session: Session, asked: Asked) -> None:
    """The first line: what the chosen head does, and how many do something that has a name."""
    each = habits(session, asked.kind)
    mine = next(habit for habit in each if (habit.layer, habit.head) == (asked.layer, asked.head or 0))
    clear = sum(habit.code != "" for habit in each)
    told = _("Head {head} of layer {layer}: {role}. {clear} of {count} heads have a clear role in this sentence.")
    rooms.seen(
        told, head=mine.head + 1, layer=mine.layer + 1, role=role_words()[mine.code], clear=clear, count=len(each)
    )


def picture(session: Session, asked: Asked) -> Picture:
    """What each head of one attention does: a row for each, a column for each measure."""
    each = [habit for habit in habits(session, asked.kind) if habit.layer in asked.layers]
    names = kept(each)
    shares = [[getattr(habit.found, name) for name in names] for habit in each]
    values = np.array(shares, dtype=float)  # None becomes NaN
    words = role_words()
    rows = [
        f"{numbered(habit.layer, habit.head, asked.layers)} {words[habit.code] if habit.code else ''}".strip()
        for habit in each
    ]
    title = _("What each head looks at: {attention}").format(attention=attentions.words(asked.kind))

    def take(cell: Cell) -> None:
        row, column = (int(number or 0) for number in cell[:2])
        choose_head(asked.kind, each[row].layer, each[row].head)
        pointed.choose(MEASURE, column)

    columns = [measure_words()[name] for name in names]
    chosen = [(habit.layer, habit.head) for habit in each].index((asked.layer, asked.head or 0))
    return Picture(
        title=title, alt=f"{title}. {'; '.join(rows)}.",
        figure=head_grid.measures(
            values, rows, columns, names=(_("layer.head") if len(asked.layers) > 1 else _("head"), _("mean over the pieces that look")), title=title,
            mode=session.mode, selected=chosen, value_name=_("share"),
        ),
        on_click=take, tell=lambda: tell(session, asked, names), table=table(session, asked),
    )  # fmt: skip


def tell(session: Session, asked: Asked, names: Sequence[str]) -> None:
    """Room 4: the role of the chosen head, and the mean behind the measure that was clicked."""
    view, head = attentions.attention(session, asked.kind, asked.layer), asked.head or 0
    found, expected, is_called = role_of(view, head)
    column = pointed.chosen(MEASURE, len(names))
    if column is None or getattr(found, names[column]) is None:
        return tell_role(named(asked), found, expected, is_called)
    name = names[column]
    crossing, flags = asked.kind == "cross", head_roles.delimiters(view.key_pieces)
    each = head_roles.by_query(name, view.weights[head], view.mask, flags, crossing)
    there = np.flatnonzero(~np.isnan(each))
    pieces = [label(view.query_pieces[place]) for place in there]
    dot = DotProduct(arithmetic.double(each[there]), np.full(len(there), 1 / len(there)))
    title = filled(_("{who}, {measure}: the mean over {count} pieces"), who=named(asked),
                   measure=measure_words()[name], count=len(there))  # fmt: skip
    lines = [sums.Line(escape(measure_words()[name]), sums.summed(dot, pieces), True)]
    lines.append(
        sums.Line(escape(_("by chance")), f"<b>{sums.number(getattr(expected, name))}</b>{sums.why(threshold(name))}")
    )
    redo = Redo(numbers={"shares": each[there]}, result="shares.mean()", shows=sums.number(dot.total))
    sums.show(title, lines, sums.why(_("Role: {role}.").format(role=is_called)), redo)


def threshold(name: str) -> str:
    """When a role is named."""
    if name == "evenness":
        return _("A head looks everywhere alike above {share}.").format(share=head_roles.EVEN)
    told = _("The role is named above {share}, and only if that is at least {times} times chance.")
    return told.format(share=head_roles.SHARE, times=f"{head_roles.TIMES:g}")


def table(session: Session, asked: Asked) -> Table:
    """Every measure of every head of the attentions that are drawn, not rounded, with its role."""
    columns = [
        _("attention"),
        _("layer"),
        _("head"),
        _("role"),
        *measure_words().values(),
        _("entropy (bits)"),
        _("distance"),
    ]
    fields = [*measure_words(), "entropy", "distance"]
    words, attention = role_words(), {kind: attentions.words(kind) for kind in asked.kinds}
    rows = [
        [attention[kind], habit.layer + 1, habit.head + 1, words[habit.code], *(getattr(habit.found, field) for field in fields)]
        for kind in asked.kinds for habit in habits(session, kind)
    ]  # fmt: skip
    return columns, rows


def values(session: Session, asked: Asked) -> dict[str, str]:
    """For the lesson: how many heads have a role, and the measures of the chosen one."""
    each, views = habits(session, asked.kind), stacked(session, asked.kind)
    found, expected, is_called = role_of(views[asked.layer], asked.head)
    return {
        "who": named(asked), "role": is_called, "count": str(len(each)), "attention": attentions.words(asked.kind),
        "clear": str(sum(habit.code != "" for habit in each)), "layers": str(len(views)),
        "shares": told_shares(found, expected), "entropy": f"{found.entropy:.2f}", "distance": f"{found.distance:.2f}",
        "most": f"{np.log2(views[0].mask.sum(1)).mean():.2f}", "threshold": f"{head_roles.SHARE}",
        "times": f"{head_roles.TIMES:g}", "even": f"{head_roles.EVEN}", "pieces": str(len(views[0].query_pieces)),
    }  # fmt: skip
