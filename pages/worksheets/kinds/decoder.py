"""Exercises about the decoder: the mask, what enters it, where it looks."""

from decimal import Decimal

import numpy as np

from pages.worksheets.exact import added, all_rounded, exp, rounded, share, written
from pages.worksheets.exercise import Blank, Exercise, Table, line
from pages.worksheets.facts import Facts, name, to, told, who
from ui.session import attentions
from ui.session.attentions import Attention
from ui.text import filled
from ui.text import translate as _

FEW, LONGEST, COLUMNS, ROWS = 3, 7, 6, 3  # pieces of a view; of a shifted sentence; columns and rows of a map
EVEN = 5.0  # scores that are no further apart make powers that are worth adding up
COUNTS = (
    13,
    17,
    23,
    31,
    43,
)  # of views that are dealt: primes, so that with the places of `shifted` they come round late


def masked(facts: Facts) -> Exercise | None:
    """Three pieces of the decoder: cross out what the mask forbids, and make shares of the rest."""
    if len(facts.session.walk.read) < FEW:
        return None

    views = [attentions.attention(facts.session, "decoder", layer) for layer in range(facts.session.walk.layers)]
    begins = range(len(facts.session.walk.read) - FEW + 1)
    found = [
        (view, head, slice(at, at + FEW)) for view in views for head in range(facts.session.walk.heads) for at in begins
    ]
    found.sort(key=lambda each: spread(*each))
    fit = sum(spread(*each) <= EVEN for each in found)
    view, head, here = facts.dealt(found[: max([count for count in COUNTS if count <= fit] or [COUNTS[0]])])
    scores = [all_rounded(row) for row in view.scores[head, here, here].tolist()]
    pieces = told(view.query_pieces[here])
    powers = [[exp(each - max(row[: at + 1])) for each in row] for at, row in enumerate(scores)]
    totals = [sum(row[: at + 1], Decimal(0)) for at, row in enumerate(powers)]
    body = tuple(
        line(piece, *(
            Blank(written(share(each, totals[at])), f"{written(each)} / {written(totals[at])}") if key <= at else Blank("0.00")
            for key, each in enumerate(powers[at])
        ), Blank(written(totals[at]), added(powers[at][: at + 1])))
        for at, piece in enumerate(pieces)
    )  # fmt: skip
    return Exercise(
        kind="masked", page="80_decoder_and_mask", title=_("The mask"), rounding=to(2), room=18,
        tables=(
            Table(head=(_("score"), *pieces), rows=tuple((piece, *map(written, row)) for piece, row in zip(pieces, scores, strict=True))),
            Table(head=(_("power of e"), *pieces), beside=True,
                  rows=tuple((piece, *map(written, row)) for piece, row in zip(pieces, powers, strict=True))),
            Table(head=(_("weight"), *pieces, _("sum of the powers that count")), rows=body),
        ),
        asked=filled(
            _("{who}: a row looks at the columns, but never at a later piece. Cross out the scores that the mask forbids; make weights of what "
              "is left. (The largest allowed score of each row was taken off before the power.)"),
            who=who(view, head),
        ),
        view=before(here.start) + " " + _("Rounded, a row may add up to 0.99 or 1.01."),
        there={"kind": "decoder", "layer": str(view.layer + 1), "head": str(head + 1)},
    )  # fmt: skip


def before(count: int) -> str:
    """How many pieces stand before those of a view."""
    if not count:
        return _("These three pieces look at nothing else, so the weights are the model’s own.")
    told = _("{count} earlier pieces are left out, so the weights are larger than the model’s own.")
    return (
        filled(told, count=count)
        if count > 1
        else _("One earlier piece is left out, so the weights are larger than the model’s own.")
    )


def spread(view: Attention, head: int, here: slice) -> float:
    """How far apart the scores of some pieces are that are allowed: far apart, and their powers are no numbers for a sheet."""
    return max(float(np.ptp(row[: at + 1])) for at, row in enumerate(view.scores[head, here, here]))


def shifted(facts: Facts) -> Exercise:
    """What enters the decoder while it learns, and what each place may see."""
    walk = facts.session.walk
    count = min(LONGEST, len(walk.written))
    begin = facts.dealt(range(1, max(2, count)))
    table = Table(head=(_("place"), *map(str, range(1, count + 1))), rows=(
        (_("has to write"), *map(name, walk.written[:count])),
        (_("enters the decoder"), *(Blank(name(each)) for each in walk.read[:count])),
        (_("pieces in view"), *(Blank(str(at + 1)) for at in range(count))),
    ))  # fmt: skip
    wrong = Table(
        head=("", _("answer")),
        rows=((_("Place {place} may not see the place that holds the answer. Which place is that?").format(place=begin), Blank(str(begin + 1))),),
    )  # fmt: skip
    return Exercise(
        kind="shifted", page="80_decoder_and_mask", title=_("Teacher forcing"), tables=(table, wrong), room=0,
        asked=filled(
            _("In training the decoder gets the right sentence, moved one place to the right behind the start piece {start}. Fill in what enters "
              "at each place, and how many pieces the mask lets that place see."),
            start=name(walk.read[0]),
        ),
        view=filled(_("The first {count} of {all} places."), count=count, all=len(walk.written)) if count < len(walk.written) else "",
        there={"piece": str(begin)},
    )  # fmt: skip


def looks(facts: Facts) -> Exercise | None:
    """Reading a map of cross-attention: which piece gets most, and how much is not in the picture."""
    session = facts.session
    view = attentions.attention(session, "cross", session.walk.layers - 1)

    def throw() -> tuple[int, list[int]]:
        return facts.head(), facts.some(ROWS, len(view.query_pieces))

    head, rows = facts.best(throw, lambda each: -float(np.median(view.weights[each[0], each[1]].max(-1))))
    strong = np.argsort(-view.weights[head, rows].sum(0), kind="stable")[:COLUMNS]
    columns = sorted(strong.tolist())
    if len(columns) < 2:
        return None
    weights = [all_rounded(view.weights[head, at, columns].tolist()) for at in rows]
    keys = told([view.key_pieces[key] for key in columns])
    body = tuple(
        line(asks, *map(written, row), Blank(" = ".join(key for key, each in zip(keys, row, strict=True) if each == max(row))),
         Blank(written(rounded(max(1 - sum(row, Decimal(0)), Decimal(0)))), f"1 − ({added(row)})" if sum(row, Decimal(0)) <= 1 else "0"))
        for asks, row in zip(told([view.query_pieces[at] for at in rows]), weights, strict=True)
    )  # fmt: skip
    return Exercise(
        kind="looks", page="90_cross_attention", title=_("Who looks where?"), room=18,
        tables=(Table(head=(_("weight"), *keys, _("looks most at"), _("elsewhere")), rows=body),),
        asked=filled(
            _("{who}. Before each piece on the left was written, the decoder looked at the pieces on top. At which most? And how much of its look, "
              "which is 1 in all, went elsewhere?"),
            who=who(view, head),
        ),
        rounding=_("A look that adds up to more than 1, because it is rounded, has nothing elsewhere."),
        view=filled(_("{rows} of {all_rows} rows and {columns} of {all_columns} columns."), rows=len(rows), all_rows=len(view.query_pieces),
                    columns=len(columns), all_columns=len(view.key_pieces)),
        there={"kind": "cross", "layer": str(view.layer + 1), "head": str(head + 1), "piece": str(rows[0] + 1), "source": str(columns[0] + 1)},
    )  # fmt: skip
