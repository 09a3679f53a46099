"""Which heads carry the difference: taken from the other sentence, or switched off; and what the map of one of them says."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from figures.changed import probes
from figures.labels import label
from figures.theme import Mode
from pages.grammar_probes import readings
from pages.grammar_probes.asked import GUESS, HEAD, Asked
from pages.grammar_probes.lines import Numbers, lines
from pages.grammar_probes.readings import Read
from pages.grammar_probes.words import attention_words, code, head_words, kind_words, role_words, two
from transformer.analysis import probe_survey
from transformer.analysis.probe_survey import Look
from transformer.what_if import KINDS, Head, Kind, every_head
from ui import controls
from ui.session import state
from ui.show import live_plot, prose
from ui.show.live_plot import Cell
from ui.show.picture import Picture
from ui.text import translate as _

Row = tuple[int | None, int | None]  # places of A and of B that stand for each other
TOP = 3  # heads that are named
CARRIES = 0.1  # the share of the way from which on a head carries something
SHORT = 1.0  # logits between A and B, below which the model hardly tells them apart
LOOKS = 3  # times what a piece would get from a head that looks everywhere alike


def guessed() -> bool:
    """Ask which attention carries the difference; whether the learner has answered, or wants to see."""
    names: dict[str, str] = (
        {"none": "?"} | {str(kind): kind_words(kind) for kind in KINDS} | {"show": _("Just show me")}
    )
    with controls.row("gp_guesses"):
        return controls.one_of(_("Guess first: heads of which attention carry the difference?"), GUESS, names) != "none"


def grid(heads: list[Head], values: Numbers) -> tuple[Numbers, list[tuple[Kind, int]]]:
    """Numbers of `every_head` as layers by heads."""
    rows = list(dict.fromkeys(head[:2] for head in heads))
    return values.reshape(len(rows), -1), rows


def drawn(
    heads: list[Head], values: Numbers, chosen: Head | None, value_name: str, title: str, mode: Mode
) -> live_plot.Figure:
    """The map of heads."""
    cells, rows = grid(heads, values)
    columns = [str(number + 1) for number in range(cells.shape[1])]
    at = None if chosen is None else (rows.index(chosen[:2]), chosen.head)
    figure: live_plot.Figure = probes.heads(
        cells, [f"{kind_words(kind)} {layer + 1}" for kind, layer in rows], columns,
        names=(_("attention, layer"), _("head")), value_name=value_name, title=title, mode=mode, selected=at,
    )  # fmt: skip
    return figure


def ranked(heads: list[Head], values: Numbers) -> list[tuple[Head, float]]:
    """The heads with the largest values first."""
    return [(heads[int(place)], float(values[place])) for place in np.argsort(-values, kind="stable")]


def told_top(ranks: list[tuple[Head, float]]) -> str:
    """`encoder self-attention, layer 2, head 2 (0.92); ...`."""
    return "; ".join(f"{head_words(head)} ({two(value)})" for head, value in ranks[:TOP])


def picture(asked: Asked, found: Read, mode: Mode) -> Picture:
    """Heads by layers of the three attentions."""
    heads, (restored, falls) = every_head(found.passes.model), readings.heads(found)
    patched = asked.measure == "patch"
    values = restored if patched else falls.mean(0)
    name = _("share of the way") if patched else _("fall, in logits")
    title = (
        _("How much of the way to B one head of B brings: 0 nothing, 1 all")
        if patched else _("How much the lead of the right word falls without each head, mean of A and B")
    )  # fmt: skip
    ranks = ranked(heads, values)
    said = told_top(ranks)

    def take(cell: Cell) -> None:
        row, column = (int(each or 0) for each in cell[:2])
        head = heads[row * found.passes.model.config.heads + column]
        st.session_state[HEAD] = code(head)

    def tell() -> None:
        prose.look(_("Most: {heads}.").format(heads=said) + " " + verdict(found, restored, falls))
        if patched and (line := answer(ranks)):
            prose.look(line)
        if asked.head is None:
            prose.cell(_("Click a head to see where it looks."))

    table = [[head_words(head), round(float(restored[place]), 4), *(round(float(each), 4) for each in falls[:, place])]
             for place, head in enumerate(heads)]  # fmt: skip
    columns = [_("head"), _("share of the way, taken from B"), _("fall in A without it"), _("fall in B without it")]
    return Picture(
        title=title, alt=f"{title}. {said}.", on_click=take, tell=tell, table=(columns, table),
        figure=drawn(heads, values, asked.head, name, title, mode),
    )  # fmt: skip


def verdict(found: Read, restored: Numbers, falls: Numbers) -> str:
    """Both ways of asking agree, or not; and what the best heads do together."""
    heads = every_head(found.passes.model)
    if abs(found.passes.way) < SHORT:
        return _("But A and B are only {way} logits apart: there is hardly a way, and its shares mean little.").format(
            way=two(found.passes.way)
        )
    best = [head for head, value in ranked(heads, restored)[:TOP] if value >= CARRIES]
    if not best:
        return _("No single head brings even a tenth of the way: the difference goes through many at once.")
    without = ranked(heads, falls.mean(0))[0][0]
    told = _("Taken from B, the {count} strongest heads together bring {share} of the way.").format(
        count=len(best), share=two(readings.together(found, tuple(best)))
    )
    if without in best:
        return told + " " + _("The head that is missed most when it is off is one of them.")
    return told + " " + _("Missed most when it is off: {head}.").format(head=head_words(without))


def answer(ranks: list[tuple[Head, float]]) -> str:
    """What became of the guess."""
    guess, best = st.session_state.get(GUESS), ranks[0][0].kind
    if guess not in KINDS:
        return ""
    told = _("✓ Your guess was {guess}, and the strongest head is there.") if guess == best else _(
        "✗ Your guess was {guess}; the strongest head is in {best}.")  # fmt: skip
    return told.format(guess=attention_words(guess), best=attention_words(best))


def inside(found: Read, head: Head, mode: Mode) -> Picture:
    """One head: where it looks in A and in B from where it does its work, and what it brings if taken at one place only."""
    layout, (one, other) = lines(found, logits=False), probe_survey.looks(found.passes, found.probe, head)
    crossing = head.kind == "cross"
    pairs = found.probe.twins.source if head.kind != "decoder" else found.probe.twins.target
    labels = layout.english if head.kind != "decoder" else layout.french
    rows = with_alone(found, head, pairs)
    labels = [labels[pairs.index(row)] if row in pairs else alone_label(found, row) for row in rows]  # type: ignore[arg-type]
    columns = [row_of(found, which, head, each.place, rows) for which, each in enumerate((one, other))]
    names = [_("A looks"), _("B looks")]
    if not crossing:
        brought: dict[Row, float] = dict(zip(pairs, readings.places(found, head).tolist(), strict=True))
        columns.append(np.array([brought.get(row, np.nan) for row in rows]))
        names.append(_("brings, taken here"))
    marks = [] if crossing else [next(place for place, row in enumerate(rows) if row[0] == one.place)]
    title = _("{head}: where it looks from {piece}").format(
        head=head_words(head), piece=layout.french[-1] if crossing else labels[marks[0]]
    )
    values = np.stack(columns, axis=1)
    table = [
        [labels[place], *(None if np.isnan(each) else round(float(each), 4) for each in row)]
        for place, row in enumerate(values)
    ]
    said = says(found, head, one, other)
    return Picture(
        title=title, alt=f"{title}. {said}", on_click=lambda _cell: None, tell=lambda: prose.cell(said),
        table=([_("piece"), *names], table),
        figure=probes.heads(
            values, [f"▸ {text}" if place in marks else text for place, text in enumerate(labels)], names,
            names=(_("piece"), ""), value_name=_("weight, or share of the way"), title=title, mode=mode,
        ),
    )  # fmt: skip


def with_alone(found: Read, head: Head, pairs: tuple[tuple[int, int], ...]) -> list[Row]:
    """The aligned places, and those of the English that have no partner, in order."""
    rows: list[Row] = list(pairs)
    if head.kind != "decoder":
        for which, side in enumerate((found.probe.twins.first, found.probe.twins.second)):
            paired = {pair[which] for pair in pairs}
            left = [place for place in range(len(side.source)) if place not in paired]
            rows += [(None, place) if which else (place, None) for place in left]
    return sorted(rows, key=lambda row: (row[0] if row[1] is None else row[1], row[0] is None))  # type: ignore[return-value,arg-type]


def alone_label(found: Read, row: Row) -> str:
    """The label of a piece without a partner: `– | n't`."""
    tokenizer, twins = state.opened(found.origin).tokenizer, found.probe.twins
    names = ["–" if place is None else label(tokenizer.piece(side.source[place]).piece)
             for place, side in zip(row, (twins.first, twins.second), strict=True)]  # fmt: skip
    return " | ".join(names)


def row_of(found: Read, which: int, head: Head, place: int, rows: Sequence[Row]) -> Numbers:
    """A head's row from one place, over the aligned pieces; NaN where this sentence has no piece."""
    row = probe_survey.trace_weights(found.passes, which, head)[place].double().numpy()
    places = [each[which] for each in rows]
    return np.array([np.nan if at is None else row[at] for at in places])


def says(found: Read, head: Head, one: Look, other: Look) -> str:
    """What the map of a head says, and what it does not."""
    restored = float(readings.heads(found)[0][every_head(found.passes.model).index(head)])
    told = _("This head brings {share} of the way.").format(share=two(restored))
    if head.kind == "decoder":
        return told + " " + _("It looks at the French that is already there.")
    if one.roles:
        told += " " + _("It does its work at {role}.").format(role=role_words(one.roles[0]))
    parts = []
    for role in ("changed", "own", "right", "wrong"):
        shares = [each.shares[role] for each in (one, other) if role in each.shares]
        if shares:
            parts.append(f"{role_words(role)} {', '.join(two(share) for share in shares)}")  # type: ignore[arg-type]
    if parts:
        told += " " + _("From there its weight, in A and B: {parts}.").format(parts="; ".join(parts))
    return told + " " + shown(restored, one, other)


def shown(restored: float, one: Look, other: Look) -> str:
    """Whether one would have found the head by looking at its map."""
    seen = [max(each.shares.get("changed", 0.0), each.shares.get("right", 0.0)) for each in (one, other)]
    looks = max(seen) >= LOOKS * one.uniform
    if restored >= CARRIES:
        return (
            _("Its map shows what it carries.") if looks
            else _("Its map does not show it: nothing in its row points at the word that makes the difference.")
        )  # fmt: skip
    return _("Its map looks as if it mattered, but it does not.") if looks else ""


def summary(found: Read) -> dict[str, str]:
    """The strongest heads of a pair, for the lesson."""
    heads, (restored, falls) = every_head(found.passes.model), readings.heads(found)
    ranks, off = ranked(heads, restored), ranked(heads, falls.mean(0))
    return {
        "top": told_top(ranks), "head": head_words(ranks[0][0]), "restored": f"{ranks[0][1]:.3f}",
        "off_head": head_words(off[0][0]), "off": two(off[0][1]), "verdict": verdict(found, restored, falls),
    }  # fmt: skip
