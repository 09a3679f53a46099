"""Rows of attention set by hand, as values and as compact codes in the address.

`c2.3q4k7` pins: in cross-attention, layer 2, head 3, row 4 looks at piece 7 only. `c2.aq4k2w300k5w700` is for all heads of the
layer, in thousandths. All numbers count from 1. What the sentence or the model does not have is left out.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from transformer.what_if import Head, Kind, Row, WhatIf
from ui.changed.names import KINDS, LETTERS
from ui.session import attentions
from ui.session.attentions import Shown
from ui.session.walk import Walk
from ui.text import translate as _

ALL = "a"  # heads, in a code
WHOLE = 1000  # a row of shares has about so many thousandths
MOST = 60  # edited rows
PART = re.compile(r"([edc])([1-9][0-9]?)\.([1-9][0-9]?|a)q([1-9][0-9]{0,2})((?:k[1-9][0-9]{0,2}(?:w[0-9]{1,4})?)+)")
SHARE = re.compile(r"k([0-9]+)(?:w([0-9]+))?")


class Place(NamedTuple):
    """A row of a map; all counted from 0."""

    kind: Kind
    layer: int
    head: int | None  # `None` is every head of the layer
    query: int


Shares = dict[int, int]  # by key: thousandths, above 0
Edits = dict[Place, Shares]


def lengths(walk: Walk, kind: Kind) -> tuple[int, int]:
    """How many queries and keys a map has."""
    queries = {"encoder": walk.source, "decoder": walk.read, "cross": walk.written}[kind]
    return len(queries), len(walk.read if kind == "decoder" else walk.source)


def codes(edits: Mapping[Place, Shares]) -> str:
    """Edited rows as they stand in the address."""
    return "-".join(code(place, shares) for place, shares in edits.items() if shares)


def code(place: Place, shares: Shares) -> str:
    """One row."""
    head = ALL if place.head is None else str(place.head + 1)
    keys = [f"k{key + 1}" if len(shares) == 1 else f"k{key + 1}w{share}" for key, share in sorted(shares.items())]
    return f"{LETTERS[place.kind]}{place.layer + 1}.{head}q{place.query + 1}{''.join(keys)}"


def read(text: str, session: Shown) -> Edits:
    """What `codes` wrote."""
    found: Edits = {}
    for part in text[:6000].split("-")[:MOST]:
        if (match := PART.fullmatch(part)) and (row := placed(match, session)):
            found[row[0]] = row[1]
    return found


def placed(match: re.Match[str], session: Shown) -> tuple[Place, Shares] | None:
    """The row that a code names, if there is such a row."""
    kind, layer, query = KINDS[match[1]], int(match[2]) - 1, int(match[4]) - 1
    head, (queries, keys) = None if match[3] == ALL else int(match[3]) - 1, lengths(session.walk, kind)
    given = {int(key) - 1: int(share) if share else WHOLE for key, share in SHARE.findall(match[5])}
    shares = {key: min(share, WHOLE) for key, share in given.items() if key < keys and share > 0}
    exists = layer < attentions.layers(session, kind) and (head is None or head < session.walk.heads)
    return (Place(kind, layer, head, query), shares) if exists and query < queries and shares else None


def what_if(edits: Mapping[Place, Shares], heads: int) -> WhatIf:
    """The change; the same for the same rows in whatever order. What is said of one head comes after what is said of all."""
    rows = []
    for place in sorted(
        edits, key=lambda place: (place.kind, place.layer, place.query, -1 if place.head is None else place.head)
    ):
        shares = edits[place]
        row = tuple(float(shares.get(key, 0)) for key in range(max(shares) + 1))
        for head in range(heads) if place.head is None else [place.head]:
            rows.append(Row(Head(place.kind, place.layer, head), place.query, row))
    return WhatIf(rows=tuple(rows))


def pinned(edits: Edits, place: Place, key: int) -> Edits:
    """All the weight of the row on one key; the row as it was if it is there already."""
    whole: Shares = {key: WHOLE}
    rest = besides(edits, place)
    return rest if alone(edits.get(place, {})) == key else rest | {place: whole}


def besides(edits: Edits, place: Place) -> Edits:
    """The other rows. Where all heads are told, what was told to one of them no longer counts."""
    replaced = {place} if place.head is not None else {each for each in edits if each._replace(head=None) == place}
    return {each: shares for each, shares in edits.items() if each not in replaced}


def alone(shares: Shares) -> int | None:
    """The only key that is looked at."""
    return next(iter(shares)) if len(shares) == 1 else None


def shared(edits: Edits, place: Place, key: int) -> Edits:
    """The row's weight shared alike by its keys, with one more, or without it if it is among them."""
    keys, rest = set(edits.get(place, {})) ^ {key}, besides(edits, place)
    return rest | {place: {each: WHOLE // len(keys) for each in sorted(keys)}} if keys else rest


def weighted(edits: Edits, place: Place, key: int, share: float, now: Sequence[float], own: Sequence[float]) -> Edits:
    """One key gets `share` (0 to 1) of the row, the others keep their proportions: those of `now`, or of the model's `own` row."""
    others = [0.0 if each == key else float(weight) for each, weight in enumerate(now)]
    if sum(others) <= 1e-6:
        others = [0.0 if each == key else float(weight) for each, weight in enumerate(own)]
    rest = max(sum(others), 1e-9)
    shares = {each: round(WHOLE * (1 - share) * weight / rest) for each, weight in enumerate(others)}
    shares[key] = round(WHOLE * share)
    given = {each: weight for each, weight in sorted(shares.items()) if weight > 0}
    rest_of_them = besides(edits, place)
    return rest_of_them | {place: given} if given else rest_of_them


def words(place: Place) -> str:
    """`Cross 2.3`, or `Cross 2, all heads`."""
    names = {"encoder": _("Encoder"), "decoder": _("Decoder"), "cross": _("Cross")}
    if place.head is None:
        return _("{attention} {layer}, all heads").format(attention=names[place.kind], layer=place.layer + 1)
    return f"{names[place.kind]} {place.layer + 1}.{place.head + 1}"
