"""All that is changed on the page, as a value; as a compact code in the address (`mdf.2-3_ps100_t0.5_nn`); as a what-if.

Parts of the code: `m` a mask (`e`, `d` or `c`, then the letter of its pattern, then cells counted from 1), `po` no positions, `pr7`
positions shuffled by seed 7, `ps100` shifted by 100, `ns` no scaling, `t0.5` temperature, `nr` no residual, `nn` no norm, `nf` no feed-forward,
`xe1` no layer 1.
"""

import random
import re
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from transformer.config import Config
from transformer.what_if import Kind, WhatIf
from ui.changed.masks import PATTERNS, TRAINED, Cell, Painted, allowed, difference, for_model
from ui.changed.names import KINDS, LETTERS

Stack = Literal["encoder", "decoder"]
STACKS: dict[str, Stack] = {"e": "encoder", "d": "decoder"}
SHAPES = {"t": TRAINED, "f": "future", "a": "past", "p": "previous", "b": "first", "i": "itself"}  # letters of patterns
SIGNS = {pattern: letter for letter, pattern in SHAPES.items()}
SHIFTS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
SEEDS = 999
TEMPERATURES = (0.05, 0.1, 0.2, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
MOST = 6000  # letters of a code
PART = re.compile(
    r"m([edc])([tfapbi])((?:\.\d{1,3}-\d{1,3})*)|p(o)|pr(\d{1,3})|ps(\d{1,4})|(n[srnf])|t(\d{1,2}(?:\.\d{1,2})?)|x([ed])([1-9]\d?)"
)


class Sizes(NamedTuple):
    """How many pieces there are to paint: of the English, and of what the decoder reads."""

    source: int
    read: int

    def of(self, kind: Kind) -> tuple[int, int]:
        """Queries and keys of a kind of attention."""
        return {
            "encoder": (self.source, self.source),
            "decoder": (self.read, self.read),
            "cross": (self.read, self.source),
        }[kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is not as it was trained."""

    masks: tuple[Painted, ...] = ()  # those that are touched
    positions: Literal["own", "off", "shuffled", "shifted"] = "own"
    seed: int = 1  # of the shuffling
    shift: int = 100
    scaling: bool = True
    temperature: float = 1.0
    residual: bool = True
    norm: bool = True
    feed_forward: bool = True
    removed: tuple[Stack, int] | None = None  # a layer, counted from 0

    def mask(self, kind: Kind) -> Painted:
        """The mask of a kind of attention."""
        return next((mask for mask in self.masks if mask.kind == kind), Painted(kind))

    def with_mask(self, painted: Painted) -> "Changes":
        """The same with another mask."""
        others = [mask for mask in self.masks if mask.kind != painted.kind]
        return replace(self, masks=tuple(others if painted.untouched else [*others, painted]))


def code(changes: Changes) -> str:
    """The changes as they stand in the address; nothing if there are none."""
    parts = [mask_code(mask) for mask in changes.masks]
    places = {"own": "", "off": "po", "shuffled": f"pr{changes.seed}", "shifted": f"ps{changes.shift}"}
    parts += [places[changes.positions], "" if changes.scaling else "ns"]
    parts.append(f"t{changes.temperature:g}" if changes.temperature != 1 else "")
    parts += ["" if changes.residual else "nr", "" if changes.norm else "nn", "" if changes.feed_forward else "nf"]
    if changes.removed:
        parts.append(f"x{changes.removed[0][0]}{changes.removed[1] + 1}")
    return "_".join(filter(None, parts))


def mask_code(painted: Painted) -> str:
    """`mdf.2-3`: the decoder's mask sees the future, but for one cell."""
    cells = "".join(f".{query + 1}-{key + 1}" for query, key in sorted(painted.flipped))
    return f"m{LETTERS[painted.kind]}{SIGNS[painted.pattern]}{cells}"


def read(text: str, config: Config, sizes: Sizes) -> Changes:
    """What `code` wrote. What is no code, or names what there is not, is passed over."""
    found = Changes()
    for part in text[:MOST].split("_"):
        if match := PART.fullmatch(part):
            found = added(found, match, config, sizes)
    return found


def added(changes: Changes, match: re.Match[str], config: Config, sizes: Sizes) -> Changes:
    """The changes with one more."""
    letter, shape, cells, off, seed, shift, flag, temperature, stack, layer = match.groups()
    if letter:
        return changes.with_mask(painted(KINDS[letter], SHAPES[shape], cells, sizes))
    if off:
        return replace(changes, positions="off")
    if seed:
        return replace(changes, positions="shuffled", seed=max(1, int(seed)))
    if shift:
        return replace(changes, positions="shifted", shift=int(shift)) if int(shift) in SHIFTS else changes
    if flag:
        off = {"ns": "scaling", "nr": "residual", "nn": "norm", "nf": "feed_forward"}[flag]
        return replace(changes, **{off: False})  # type: ignore[arg-type]
    if temperature:
        return replace(changes, temperature=float(temperature)) if float(temperature) in TEMPERATURES else changes
    there = {"e": config.encoder_layers, "d": config.decoder_layers}[stack]
    return replace(changes, removed=(STACKS[stack], int(layer) - 1)) if int(layer) <= there else changes


def painted(kind: Kind, pattern: str, cells: str, sizes: Sizes) -> Painted:
    """A mask of the address: cells that are not there do not count, and no row is left with nothing."""
    rows, columns = sizes.of(kind)
    if pattern not in PATTERNS[kind]:
        return Painted(kind)
    named: set[Cell] = {(int(query) - 1, int(key) - 1) for query, key in re.findall(r"(\d+)-(\d+)", cells)}
    there = frozenset((query, key) for query, key in named if 0 <= query < rows and 0 <= key < columns)
    asked = Painted(kind, pattern, there)
    return replace(asked, flipped=difference(asked, allowed(asked, rows, columns)))


def what_if(changes: Changes, sizes: Sizes, most: int) -> WhatIf:
    """The changes as the model takes them; `most` pieces may come to be read when it translates on its own."""
    longer = Sizes(sizes.source, max(sizes.read, most))
    count = max(sizes.source, longer.read)
    places = tuple(random.Random(changes.seed).sample(range(count), count)) if changes.positions == "shuffled" else ()
    return WhatIf(
        masks=tuple(for_model(mask, *longer.of(mask.kind)) for mask in changes.masks),
        positions=changes.positions != "off", places=places, shift=changes.shift if changes.positions == "shifted" else 0,
        scaling=changes.scaling, temperature=changes.temperature, residual=changes.residual, norm=changes.norm, feed_forward=changes.feed_forward,
        removed=(changes.removed,) if changes.removed else (),
    )  # fmt: skip
