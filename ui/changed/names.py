"""The heads of a model by name, and as compact codes in the address: `c2.3` is head 3 in layer 2 of cross-attention."""

import re
from collections.abc import Collection, Mapping

from transformer.what_if import Head, How, Kind
from ui.session import attentions
from ui.text import translate as _

LETTERS: dict[Kind, str] = {"encoder": "e", "decoder": "d", "cross": "c"}
KINDS: dict[str, Kind] = {letter: kind for kind, letter in LETTERS.items()}
MARKS: dict[How, str] = {"off": "", "uniform": "u", "mean": "m"}
HOWS: dict[str, How] = {mark: how for how, mark in MARKS.items()}
PART = re.compile(r"([edc])([1-9][0-9]?)\.([1-9][0-9]?)([um]?)")


def code(head: Head) -> str:
    """A head as it stands in the address."""
    return f"{LETTERS[head.kind]}{head.layer + 1}.{head.head + 1}"


def head(text: str, known: Collection[Head]) -> Head | None:
    """The head that a code names, if the model has it."""
    found = PART.fullmatch(text)
    named = Head(KINDS[found[1]], int(found[2]) - 1, int(found[3]) - 1) if found and not found[4] else None
    return named if named in known else None


def codes(switched: Mapping[Head, How]) -> str:
    """Heads that are switched as they stand in the address: `c2.3-e1.1u-d1.4m` is off, uniform, mean."""
    return "-".join(code(each) + MARKS[how] for each, how in switched.items())


def switched(text: str, known: Collection[Head]) -> dict[Head, How]:
    """What `codes` wrote; what is not a code, or not a head of this model, is left out."""
    found: dict[Head, How] = {}
    for part in text[:2000].split("-"):
        if (match := PART.fullmatch(part)) and (one := head(part.rstrip("um"), known)):
            found[one] = HOWS[match[4]]
    return found


def words(head: Head) -> str:
    """`Cross-attention, layer 2, head 3`."""
    template = _("{attention}, layer {layer}, head {head}")
    return template.format(attention=attentions.words(head.kind), layer=head.layer + 1, head=head.head + 1)


def short(head: Head) -> str:
    """`Cross 2.3`: layer and head."""
    names = {"encoder": _("Encoder"), "decoder": _("Decoder"), "cross": _("Cross")}
    return f"{names[head.kind]} {head.layer + 1}.{head.head + 1}"
