"""The view "Scores": the same English and French, looked at through each score function that there is a model of."""

import html
from dataclasses import dataclass

import numpy as np
import streamlit as st

from figures import describe
from figures.heads import attention
from pages.alignment import beside, corpus, maps, telling
from pages.alignment.asked import COUNTING, KIND, YES, Shown
from pages.alignment.looks import Looks
from relatives.scaling.sharpness import entropy
from transformer.training.evaluation import alignment_error_rate
from ui.frame import Seen, Visit
from ui.frame.rooms import Rooms
from ui.measures import gold
from ui.measures.gold import Aligned
from ui.session import pointed, relatives
from ui.session.state import Origin
from ui.show import live_plot, proof, prose, sums, tables
from ui.show.live_plot import Cell
from ui.show.numpy_lines import Redo
from ui.show.proof import Link
from ui.show.sums import Line, number
from ui.text import filled, has_lesson
from ui.text import translate as _

KINDS = ("bahdanau", "luong-dot", "luong-general", "luong-concat")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One score function, by the model that learned with it."""

    kind: str
    origin: Origin
    looks: Looks
    bits: float  # the entropy of a row, on average over the rows that are drawn
    agrees: int  # rows whose strongest piece is that of the chosen model
    rate: float | None  # the alignment error rate of this sentence


def short(kind: str) -> str:
    """A kind, short enough for a small map's title."""
    return {
        "bahdanau": _("additive"),
        "luong-dot": _("dot"),
        "luong-general": _("general"),
        "luong-concat": _("concat"),
    }[kind]


def seen(visit: Visit, chosen: Seen) -> Seen | str:
    """The chosen model if another score learned the same corpus; else one of those that have company, if there are such."""
    company: dict[str, list[str]] = {}
    for name in beside.named(visit, chosen, KINDS):
        company.setdefault(relatives.learned(visit.models[name]), []).append(name)
    own = relatives.learned(chosen.origin)
    names = next((names for names in company.values() if len(names) > 1), [])
    return visit.read_by(names[0]) if names and relatives.learned(visit.models[names[0]]) != own else chosen


def kinds(shown: Shown) -> list[Kind]:
    """One model for each score function: those that learned the same corpus with the same pieces, the chosen one before others."""
    found = gold.aligned(shown.looks.walk, shown.seen.checkpoint.tokenizer)
    return [
        measured(shown, kind, origin, found)
        for kind in KINDS
        if (origin := beside.of_kind(shown.seen, kind)) is not None
    ]


def measured(shown: Shown, kind: str, origin: Origin, found: Aligned | None) -> Kind:
    """The numbers of one model on the French that is shown."""
    looks = beside.looks_of(origin, shown.looks.walk.source_text, shown.looks.walk.written_ids)
    best, own = (each.weights[shown.rows].argmax(-1) for each in (looks, shown.looks))
    links = gold.links(looks.weights.astype(np.float32), found) if found and found.gold else None
    return Kind(
        kind=kind, origin=origin, looks=looks, bits=float(entropy(looks.weights[shown.rows]).mean()), agrees=int((best == own).sum()),
        rate=None if links is None or found is None else alignment_error_rate(links, found.gold),
    )  # fmt: skip


def show(visit: Visit, rooms: Rooms, shown: Shown) -> None:
    """Small maps side by side, and each one's numbers."""
    found, lesson = kinds(shown), visit.lesson.of("scores")
    own = next((at for at, each in enumerate(found) if each.kind == shown.looks.kind), 0)
    chosen = pointed.chosen(KIND, len(found))
    place = own if chosen is None else chosen
    if found:
        first_line(rooms, shown, found)
    else:
        rooms.seen(_("No other model learned the same pieces, so there is nothing to stand beside this one."))
    with rooms.picture:
        beside.say_other(shown.seen, _("Shown: {name}, because other scores learned the same."))
        if found:
            picture(visit, shown, found, place)
        missing(shown, [kind for kind in KINDS if kind not in {each.kind for each in found}])
    with rooms.words:
        if found:
            tell(shown, found, place)
            additive_or_dot(shown, found)
        prose.depths(lesson, telling.values(shown))


def first_line(rooms: Rooms, shown: Shown, found: list[Kind]) -> None:
    """Which is sharper, and whether they agree."""
    if len(found) == 1:
        told = _("{kind}: {bits} bits a row. No model with another score learned the same pieces.")
        return rooms.seen(told, kind=short(found[0].kind), bits=number(found[0].bits, 2))
    order = sorted(found, key=lambda each: each.bits)
    best = np.stack([each.looks.weights[shown.rows].argmax(-1) for each in found])
    alike = int((best == best[0]).all(0).sum())
    return rooms.seen(
        _("Sharpest: {one}, {bits} bits a row; softest: {other}, {more}. All {count} agree in {alike} of {rows} rows."),
        one=short(order[0].kind), bits=number(order[0].bits, 2), other=short(order[-1].kind), more=number(order[-1].bits, 2),
        count=len(found), alike=alike, rows=best.shape[1],
    )  # fmt: skip


def picture(visit: Visit, shown: Shown, found: list[Kind], place: int) -> None:
    """The small maps."""
    weights = np.stack([each.looks.weights[shown.rows, shown.columns] for each in found]).round(4)
    names = [short(each.kind) for each in found]
    figure = attention.small_multiples(
        weights, *shown.pieces, selected_head=place, names=maps.names(), title="", mode=visit.mode, origin=shown.origin, titles=names,
        room=10, across=across(len(shown.pieces[1])),
    )  # fmt: skip
    alt = " ".join(
        f"{name}: {describe.sentence(each, *shown.pieces)}" for name, each in zip(names, weights, strict=True)
    )

    def take(cell: Cell) -> None:
        pointed.choose(KIND, int(cell[0] or 0))
        maps.take(cell[1:])

    live_plot.show(figure, "al_kinds", alt, shown.scope, on_click=take, look=visit.lesson.of("scores").look)
    rows = [
        [name, *row] for name, each in zip(names, weights, strict=True) for row in describe.table(each, *shown.pieces)
    ]
    tables.twin([_("score"), *describe.column_names(shown.pieces[1])], rows, "al_kinds")


def across(pieces: int) -> int:
    """How many maps of so many pieces fit side by side."""
    return 4 if pieces <= 11 else 2 if pieces <= 22 else 1


def missing(shown: Shown, kinds: list[str]) -> None:
    """How to train those that are not here."""
    if kinds:
        st.caption(_("Not here: {names}. Train one, and it appears:").format(names=", ".join(map(short, kinds))))
        st.code(beside.command(shown.seen, kinds[0]), language="bash")


def tell(shown: Shown, found: list[Kind], place: int) -> None:
    """The chosen cell by each score, and how sharp and how right each is."""
    rates = held_out(found)
    lines = [line(shown, each, at == place, rates.get(each.kind)) for at, each in enumerate(found)]
    title = filled(_("About to write {query}, {key} answers"), query=shown.query, key=shown.key)
    row = found[place].looks.weights[shown.row]
    bits = number(float(entropy(row)), 3)
    told = _(
        "Bits of a row, on average. The row of {query} by {kind} has {bits}: 0 if one piece has it all, {most} if all are alike. "
        "AER: alignment error rate."
    )
    most = number(float(np.log2(len(row))), 2)
    foot = filled(told, query=shown.query, kind=short(found[place].kind), bits=bits, most=most)
    redo = Redo(numbers={"row": row}, lines=["some = row[row > 0]"], result="-(some * np.log2(some)).sum()", shows=bits)
    sums.show(title, lines, f"<p>{foot}</p>", redo)
    if st.session_state[COUNTING] != YES:
        st.button(_("Error rates on held-out sentences (some seconds)"), key="al_count_kinds", on_click=corpus.begin)


def line(shown: Shown, each: Kind, now: bool, rate: float | None) -> Line:
    """One score function: its formula, and its numbers."""
    score, weight = each.looks.scores[shown.row, shown.column], each.looks.weights[shown.row, shown.column]
    parts = [
        sums.term(f"{number(float(score), 2)} → <b>{number(float(weight), 3)}</b>", _("score → weight")),
        sums.term(number(each.bits, 2), _("bits")),
        sums.term(f"{each.agrees}/{shown.rows.stop - shown.rows.start}", _("agree")),
    ]
    parts += [] if each.rate is None else [sums.term(number(each.rate, 2), _("AER"))]
    parts += [] if rate is None else [sums.term(number(rate, 2), _("AER, all"))]
    return Line(html.escape(short(each.kind)), " ".join(parts), now)


def held_out(found: list[Kind]) -> dict[str, float]:
    """The alignment error rates on held-out sentences by kind, if they were asked for and as soon as they are counted."""
    if st.session_state[COUNTING] != YES:
        return {}
    totals = corpus.tests([each.origin for each in found])
    return {each.kind: float(total.rates[0, 0]) for each, total in zip(found, totals, strict=False)}


def additive_or_dot(shown: Shown, found: list[Kind]) -> None:
    """What the additive score has to compute for this map, and what it brings."""
    exact = {each.kind: relatives.exact_match(each.origin) for each in found}
    links = [Link(telling.SCORES, _("What each costs"))] if has_lesson(telling.SCORES) else []
    count = f"{len(shown.looks.walk.written) * len(shown.looks.annotations) * shown.looks.width:,}"
    one, other = exact.get("bahdanau"), exact.get("luong-dot")
    if one is None or other is None:
        told = _("Additive or dot product? The additive score takes {tanh} tanh for this map, the dot product none.")
        return proof.show(told, *links, tanh=count)
    told = _(
        "Additive or dot product? The additive score takes {tanh} tanh for this map, the dot product none; "
        "held-out sentences right: additive {one} %, dot {other} %."
    )
    return proof.show(told, *links, tanh=count, one=f"{one:.0f}", other=f"{other:.0f}")
