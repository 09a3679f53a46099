"""The scoreboards in words: which heads matter, which words change without them, and what the learner's guess was worth."""

import html
from collections.abc import Mapping, Sequence

from figures.labels import label
from pages.head_switchboard.score import Worth, ranks
from pages.head_switchboard.switches import Asked
from transformer.analysis.effects import Effect
from transformer.what_if import Head
from ui.changed import names
from ui.changed.telling import table_of
from ui.frame import Session
from ui.show import sums
from ui.text import filled
from ui.text import translate as _

TOP = 6  # heads that are told about


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


def sample(asked: Asked, found: Mapping[Head, Worth], order: Sequence[Head], corpus: str, count: int) -> None:
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
    table_of(title, head, rows, guess(asked, {each: rank for rank, each in enumerate(order, 1)}))


def guess(asked: Asked, found: Mapping[Head, int]) -> str:
    """Where the switched heads stand in a ranking (HTML)."""
    if not asked.switched:
        return html.escape(_("Click a head to switch it off."))
    each = ", ".join(f"{names.short(head)}: {found[head]}" for head in asked.switched)
    return filled(_("Ranks of the heads you switched, of {count}: {ranks}"), count=len(found), ranks=each)
