"""Questions about where heads look, and what they add."""

import numpy as np

from figures.labels import label
from pages.predict.facts import OPTIONS, Facts, table, where, whole_row
from pages.predict.kinds.head import cell, who
from transformer.analysis import head_roles
from ui.asking.question import Given, Question, Sentence
from ui.measures.mixing import mixing
from ui.session import attentions
from ui.session.attentions import Attention
from ui.show.sums import number
from ui.text import translate as _

CLEAR = 0.25  # of a head's weight: less is no habit
ROWS = 7  # of a map that is shown around a question


def looks(facts: Facts) -> Question | None:
    """Which English piece will this French piece look at?"""
    view, head = facts.attention(("cross",)), facts.head()
    if len(view.key_pieces) < 3:
        return None
    query = facts.dice.randrange(len(view.query_pieces))
    weights, names = view.weights[head, query], facts.pieces(view.key_pieces)
    best = int(weights.argmax())
    keys = sorted({best, *near(len(names), facts, best)})
    options = tuple(names[key] for key in keys)
    asks = label(view.query_pieces[query])
    return Question(
        kind="looks", page="90_cross_attention", options=options, right=keys.index(best),
        asked=Sentence(_("About to write {asks}: which English piece does this head look at most? {who}."), {"asks": asks, "who": who(view, head)}),
        given=map_of(facts, view, head, query),
        why=Sentence(_("It looks at {best} with weight {weight}. {other}"), {
            "best": names[best], "weight": number(float(weights[best])), "other": also(weights, names, best),
        }),
        there=where(view, head) | cell(view, query, best),
    )  # fmt: skip


def near(count: int, facts: Facts, best: int) -> list[int]:
    """The other places that are offered: all, if they are few."""
    others = [place for place in range(count) if place != best]
    return others if count <= OPTIONS else facts.dice.sample(others, OPTIONS - 1)


def also(weights: attentions.Numbers, names: tuple[str, ...], best: int) -> str:
    """The runner-up, or where a head rests."""
    second = int(np.argsort(-weights, kind="stable")[1])
    told = _("Second is {piece} with {weight}.").format(piece=names[second], weight=number(float(weights[second])))
    if names[best] in ("</s>", "."):
        told += " " + _("It rests there: a row must sum to 1, so a head that finds nothing needs a place to look at.")
    return told


def map_of(facts: Facts, view: Attention, head: int, query: int) -> Given:
    """Some rows of a map, the one that is asked about hidden."""
    first = max(0, min(query - ROWS // 2, len(view.query_pieces) - ROWS))
    rows = slice(first, first + ROWS)
    values = np.asarray(view.weights[head, rows], dtype=np.float64)
    values = np.where(view.mask[rows], values, np.nan) if view.kind == "decoder" else values
    return Given(
        title=who(view, head), rows=facts.pieces(view.query_pieces[rows]), columns=facts.pieces(view.key_pieces), values=values,
        hidden=frozenset((query - first, key) for key in range(len(view.key_pieces)) if np.isfinite(values[query - first, key])),
        names=view.names, value_name=_("weight"),
    )  # fmt: skip


def habit(facts: Facts) -> Question | None:
    """Which head of a layer does one thing most?"""
    view = facts.attention(("encoder",))
    if facts.session.walk.heads < 2 or len(view.key_pieces) < 3:
        return None
    habits = {
        "previous": _("the piece before"), "same": _("its own piece"), "next": _("the piece after"),
        "delimiters": _("the end piece and the full stop"),
    }  # fmt: skip
    rests = head_roles.delimiters(view.key_pieces)
    found = {
        name: np.array([np.nanmean(head_roles.by_query(name, weights, view.mask, rests, False)) for weights in view.weights])
        for name in habits
    }  # fmt: skip
    if not (clear := [name for name, each in found.items() if each.max() >= CLEAR]):
        return None
    shares = found[name := facts.pick(clear)]
    heads = _numbered(len(shares))
    right = int(shares.argmax())
    return Question(
        kind="habit", page="60_many_heads", options=heads, right=right,
        asked=Sentence(_("Which head of layer {layer} of the encoder gives most of its weight to {habit}?"),
                       {"layer": view.layer + 1, "habit": habits[name]}),
        given=Given(
            title=_("Weight on {habit}").format(habit=habits[name]), rows=(_("share"),), columns=heads, values=table(shares),
            hidden=whole_row(0, len(shares)), names=(_("measure"), _("head")), value_name=_("share of the weight"),
        ),
        why=Sentence(_("{head} gives {share} of its weight there, as a mean over all rows of this sentence. Other heads have other habits, or none."),
                     {"head": heads[right], "share": f"{shares[right]:.1%}"}),
        there={"heads": "maps", "kind": "encoder", "layer": str(view.layer + 1)},
    )  # fmt: skip


def adds(facts: Facts) -> Question | None:
    """Which head adds most to the output of a piece?"""
    view = facts.attention()
    if facts.session.walk.heads < 2:
        return None
    query = facts.dice.randrange(len(view.query_pieces))
    mixed = mixing(view, query)
    handed = np.linalg.norm(np.asarray(view.heads[:, query], dtype=np.float64), axis=1)
    sizes, heads = np.linalg.norm(mixed.contributions, axis=1), _numbered(mixed.heads)
    right, asks = int(sizes.argmax()), label(view.query_pieces[query])
    place = where(view, right) | cell(view, query, 0)
    return Question(
        kind="adds", page="60_many_heads", options=heads, right=right,
        asked=Sentence(_("{attention}, layer {layer}: which head adds the longest vector to the output of {asks}, after W_O?"),
                       {"attention": attentions.words(view.kind), "layer": view.layer + 1, "asks": asks}),
        given=Given(
            title=_("Lengths of vectors, {asks}").format(asks=asks), rows=(_("handed over"), _("added, after W_O")), columns=heads,
            values=table(handed, sizes), hidden=whole_row(1, mixed.heads),
            names=(_("vector"), _("head")), value_name=_("length"),
        ),
        why=Sentence(
            _("{head} adds a vector of length {size}. W_O can make what a head hands over longer or shorter, so the longest there need not "
              "add most."),
            {"head": heads[right], "size": number(float(sizes[right]))},
        ),
        there=place | {"heads": "mix"},
    )  # fmt: skip


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(_("head {head}").format(head=head + 1) for head in range(count))
