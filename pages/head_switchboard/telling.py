"""The scoreboards in words: which heads matter, which words change without them, and what the learner's guess was worth."""

import html
from collections.abc import Mapping, Sequence

from figures.labels import label
from pages.head_switchboard.score import Measured, Worth, ranks, worth
from pages.head_switchboard.switches import Asked, words_of
from transformer.analysis.effects import Effect
from transformer.what_if import Head
from ui.changed import names, scoreboard, telling
from ui.changed import outcome as outcomes
from ui.changed.outcome import Compared
from ui.changed.telling import table_of
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.show import sums
from ui.text import filled
from ui.text import translate as _

NAMED = 3  # switched heads that the first line names
TOP = 4  # heads that are told about


def seen(rooms: Rooms, session: Session, asked: Asked, pair: Compared, lifted: bool, measured: Measured) -> None:
    """The first line: what became of the sentence without the heads that are switched, or which head it needs."""
    words, few = words_of(), len(asked.switched) <= NAMED
    heads = ", ".join(f"{names.short(head)} {words[how]}" for head, how in asked.switched.items())
    lead = _("With {heads}") if few else _("With {heads} heads switched")
    named = heads if few else len(asked.switched)
    if asked.switched and not lifted:
        rooms.seen(lead + _(": what will become of the translation?"), heads=named)
    elif asked.switched:
        telling.seen(rooms, pair, lead, heads=named)
    elif asked.picture == "score":
        best = scoreboard.here(session)[0]
        told = _("The translation above can least do without head {head}: without it, it is {times} times less likely.")
        rooms.seen(told, head=names.short(best.head), times=telling.times(best.fall))
    elif asked.picture == "sample" and measured[1]:
        found = worth(measured[1])
        head = max(found, key=lambda head: found[head].mean)
        told = _(
            "On average over {count} held-out sentences head {head} is missed most: {times} times less likely without it."
        )
        rooms.seen(told, count=len(measured[1]), head=names.short(head), times=telling.times(found[head].mean))
    else:
        told = _(
            "All {count} heads are on: the translation above has the probability {chance}. Which head can it least do without?"
        )
        telling.unchanged(rooms, pair, told.replace("{count}", str(len(asked.every))))


def pieces(session: Session, places: Sequence[int]) -> str:
    """The pieces of the reference at these places."""
    return ", ".join(label(session.walk.written[place]) for place in places) or "–"


def ranking(session: Session, asked: Asked, effects: Sequence[Effect]) -> None:
    """The heads that this sentence can least do without, and where the learner's switched heads stand."""
    head = (_("rank"), _("head"), _("fall"), _("pieces that change"))
    rows = [
        [str(rank), names.short(each.head), sums.number(each.fall, 2), pieces(session, each.changed)]
        for rank, each in enumerate(effects[:TOP], 1)
    ]
    table_of(_("This sentence can least do without"), head, rows, guess(asked, ranks(effects)))


def sample(
    session: Session, asked: Asked, found: Mapping[Head, Worth], order: Sequence[Head], corpus: str, count: int
) -> None:
    """The heads that matter on average."""
    head = (_("rank"), _("head"), _("mean fall"), _("spread"), _("helps in"))
    rows = [
        [
            str(rank), names.short(each), sums.number(found[each].mean, 2), f"± {found[each].spread:.2f}",
            _("{helped} of {count}").format(helped=found[each].helped, count=count),
        ]
        for rank, each in enumerate(order[:TOP], 1)
    ]  # fmt: skip
    title = _("Held-out sentences of {corpus}").format(corpus=corpus or _("the grammar's showcase"))
    foot = guess(asked, {each: rank for rank, each in enumerate(order, 1)})
    table_of(title, head, rows, f"{html.escape(outcomes.why_these(session.checkpoint, corpus))} {foot}")


def guess(asked: Asked, found: Mapping[Head, int]) -> str:
    """Where the switched heads stand in a ranking (HTML)."""
    if not asked.switched:
        return html.escape(_("Click a head to switch it off."))
    each = ", ".join(f"{names.short(head)}: {found[head]}" for head in asked.switched)
    return filled(_("Ranks of the heads you switched, of {count}: {ranks}"), count=len(found), ranks=each)
