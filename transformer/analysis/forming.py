"""How a head becomes what it is: its maps at the snapshots of a run, each measured against its map at the last one.

The measure is the *overlap*: row by row, the sum over the keys of the smaller of the two weights, and the mean over the rows.
It is 1 if two maps agree, 0 if they look at nothing in common; 1 minus it is the total variation distance, the share of
the weight that would have to move. Plain numbers for one sentence: another sentence can tell another story.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from transformer.analysis import head_roles
from transformer.analysis.head_roles import Flags, Role

Numbers = NDArray[np.floating]
Shares = NDArray[np.float64]
Kind = Literal["formed", "alike", "late"]

ALIKE = 0.8  # overlap: a head whose first map agrees so far with its last one has not become anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Formation:
    """How one head came to be. Snapshots are counted from 0, the last is the end of the run."""

    overlaps: Shares  # snapshot
    roles: tuple[Role, ...]  # by snapshot
    halfway: float  # the overlap at which half of what the first map lacked is there
    moment: int | None  # the snapshot from which on it is what it is
    kind: Kind  # "formed" if there is a moment; otherwise why not: "alike" from the start, or "late": changing to the very end
    since: (
        int | None
    )  # the snapshot from which on it has the role that it has at the end; `None` if that is no clear role


def formation(weights: Numbers, mask: Flags, delimiters: Flags, crossing: bool) -> Formation:
    """One head on one sentence, from its `weights (snapshot, query, key)`; the others are as for `head_roles.measure`."""
    shares = overlaps(weights, mask)
    expected = head_roles.chance(mask, delimiters, crossing)
    roles = tuple(head_roles.role(head_roles.measure(each, mask, delimiters, crossing), expected) for each in weights)
    found, kind = moment(shares)
    return Formation(overlaps=shares, roles=roles, halfway=halfway(shares), moment=found, kind=kind, since=since(roles))


def overlaps(weights: Numbers, mask: Flags) -> Shares:
    """How far each map agrees with the last: of `weights (..., snapshot, query, key)` the overlap `(..., snapshot)`, 0 to 1.

    A query that `mask (query, key)` lets look at one key only cannot look elsewhere, so it is left out; if all are such, 1.
    """
    each = by_query(weights)[..., mask.sum(1) > 1]
    found: Shares = each.mean(-1) if each.shape[-1] else np.ones(each.shape[:-1])
    return found


def by_query(weights: Numbers) -> Shares:
    """The overlap of each row with the same row of the last map: `(..., snapshot, query)`."""
    shares = np.asarray(weights, dtype=np.float64)
    smaller: Shares = np.minimum(shares, shares[..., -1:, :, :]).sum(-1)
    return np.minimum(smaller, 1.0)


def halfway(overlaps: Shares) -> float:
    """Halfway between the overlap of the first snapshot and that of the last, which is 1 with itself."""
    return float((overlaps[0] + 1.0) / 2)


def moment(overlaps: Shares) -> tuple[int | None, Kind]:
    """The first snapshot from which on the overlap stays at or above `halfway`.

    None if the first map was `ALIKE` already, or if only the last snapshot is above, which says no more than that it is itself.
    """
    if overlaps[0] >= ALIKE:
        return None, "alike"
    first = int(np.flatnonzero(overlaps < halfway(overlaps))[-1]) + 1
    return (first, "formed") if first < len(overlaps) - 1 else (None, "late")


def since(roles: Sequence[Role]) -> int | None:
    """The first snapshot from which on a head keeps the role that it ends with; `None` if it ends without a clear one."""
    if not roles[-1]:
        return None
    others = [place for place, role in enumerate(roles) if role != roles[-1]]
    return others[-1] + 1 if others else 0
