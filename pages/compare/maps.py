"""Where the two models look: their maps, and what one has more than the other, if the pieces agree."""

from collections.abc import Sequence
from dataclasses import dataclass

from pages.compare.sides import Side
from transformer.analysis.compare import total_variation
from ui import controls
from ui.session import attentions
from ui.session.attentions import Attention, Kind, Numbers
from ui.text import translate as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the controls say."""

    kind: Kind
    layer: int  # from 0
    head: int | None  # from 0; `None` is the mean

    @property
    def who(self) -> str:
        """`Cross-attention, layer 2, head 3`."""
        who = _("mean of the heads") if self.head is None else _("head {head}").format(head=self.head + 1)
        where = _("{attention}, layer {layer}").format(attention=attentions.words(self.kind), layer=self.layer + 1)
        return f"{where}, {who}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """One model's map, or why it has none."""

    side: Side
    view: Attention | None
    weights: Numbers | None  # query key, of the head or the mean
    lacks: str  # a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """The two maps."""

    asked: Asked
    a: Map
    b: Map

    @property
    def agree(self) -> bool:
        """Whether both are there, and their rows and columns mean the same."""
        one, other = self.a.view, self.b.view
        return bool(one and other and one.query_pieces == other.query_pieces and one.key_pieces == other.key_pieces)

    @property
    def difference(self) -> Numbers:
        """What B has more than A (query, key); only if they agree."""
        assert self.a.weights is not None
        assert self.b.weights is not None
        return self.b.weights - self.a.weights

    @property
    def elsewhere(self) -> Numbers:
        """Total variation of each row: the share of attention that B has elsewhere than A."""
        assert self.a.weights is not None
        assert self.b.weights is not None
        return total_variation(self.a.weights, self.b.weights)


def ask(a: Side, b: Side) -> Asked:
    """Draw the controls: every layer and head that at least one of the two has."""
    kinds: dict[Kind, str] = {"encoder": _("Encoder"), "decoder": _("Decoder"), "cross": _("Cross")}
    with controls.row():
        kind: Kind = controls.one_of(_("Attention"), "kind", kinds, default="cross")  # type: ignore[assignment,arg-type]
        layers = [attentions.layers(side, kind) for side in (a, b)]
        numbers = controls.numbers(max(layers))
        layer = int(controls.one_of(_("Layer"), "layer", numbers, default=str(min(layers)))) - 1
        head = controls.head(max(a.walk.heads, b.walk.heads))
    return Asked(kind=kind, layer=layer, head=head)


def both(a: Side, b: Side, asked: Asked) -> Both:
    """The maps that are asked for."""
    return Both(asked=asked, a=one(a, asked), b=one(b, asked))


def one(side: Side, asked: Asked) -> Map:
    """One model's map."""
    layers = attentions.layers(side, asked.kind)
    if asked.layer >= layers:
        lacks = _("{model} has no layer {number}: its last is layer {count}.")
        return Map(side=side, view=None, weights=None, lacks=filled_in(lacks, side, asked.layer + 1, layers))
    if asked.head is not None and asked.head >= side.walk.heads:
        lacks = _("{model} has no head {number}: its last is head {count}.")
        return Map(side=side, view=None, weights=None, lacks=filled_in(lacks, side, asked.head + 1, side.walk.heads))
    view = attentions.attention(side, asked.kind, asked.layer)
    weights = view.weights.mean(0) if asked.head is None else view.weights[asked.head]
    return Map(side=side, view=view, weights=weights, lacks="")


def filled_in(template: str, side: Side, number: int, count: int) -> str:
    """The sentence."""
    return template.format(model=side.title, number=number, count=count)


def partner(pieces: Sequence[str], place: int | None, others: Sequence[str]) -> int | None:
    """Where the piece at `place` stands among `others`: the second `le` is the second `le`; `None` if it is not there."""
    if place is None:
        return None
    nth = pieces[: place + 1].count(pieces[place])
    found = [where for where, piece in enumerate(others) if piece == pieces[place]]
    return found[nth - 1] if nth <= len(found) else None


def chosen(both: Both) -> tuple[tuple[int | None, int | None], tuple[int | None, int | None]]:
    """The query and the key that the learner points at, in A's pieces and in B's: the place is A's, B's is its partner."""
    view = both.a.view or both.b.view
    assert view is not None  # no layer and no head is offered that both lack
    side = both.a.side if both.a.view else both.b.side
    cell = attentions.chosen(side, view)
    if not both.a.view or not both.b.view:
        return cell, cell
    first, second = both.a.view, both.b.view
    return cell, (
        partner(first.query_pieces, cell[0], second.query_pieces), partner(first.key_pieces, cell[1], second.key_pieces),
    )  # fmt: skip
