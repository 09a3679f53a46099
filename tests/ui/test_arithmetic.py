"""The sum behind every cell: for random cells of every attention, layer and head, it is the number in the trace."""

import math
from dataclasses import dataclass

import numpy as np
import pytest

from pages.one_head import steps as one_head
from pages.queries_keys_values import projections
from tests import ROOT
from transformer import checkpoint
from transformer.checkpoint import Checkpoint
from ui.measures import arithmetic
from ui.session import attentions
from ui.session.attentions import Attention, Kind
from ui.session.walk import Walk, walk
from ui.show import sums

TOLERANCE = {"rtol": 0, "atol": 1e-4}


@dataclass(frozen=True)
class Session:
    """What `ui.session.attentions` asks of a page."""

    walk: Walk
    checkpoint: Checkpoint
    special: bool = True


@pytest.fixture(scope="module")
def session() -> Session:
    """A trained model that reads a sentence and is given its translation."""
    opened = checkpoint.load(ROOT / "pretrained" / "grammar-en-fr")
    french = (*opened.tokenizer.encode("Le chat noir dort ici."), opened.model.config.end_id)
    return Session(walk(opened, "The black cat sleeps here.", french, forced=True), opened)


def every_head(session: Session) -> list[tuple[Attention, int]]:
    """All attentions of all layers, and all of their heads."""
    kinds: tuple[Kind, ...] = ("encoder", "decoder", "cross")
    views = [
        attentions.attention(session, kind, layer)
        for kind in kinds
        for layer in range(attentions.layers(session, kind))
    ]
    return [(view, head) for view in views for head in range(session.walk.heads)]


def places(*shape: int) -> list[tuple[int, ...]]:
    """Random cells, the same on every run, the last one always among them."""
    found = np.random.default_rng(0).integers(0, shape, size=(6, len(shape))).tolist()
    return [tuple(place) for place in [*found, [size - 1 for size in shape]]]


def test_all_attentions_are_there(session: Session) -> None:
    config = session.checkpoint.model.config
    assert len(every_head(session)) == config.heads * (config.encoder_layers + 2 * config.decoder_layers)


@pytest.mark.parametrize("letter", ["Q", "K", "V"])
def test_a_cell_of_q_k_and_v_is_its_dot_product(session: Session, letter: projections.Letter) -> None:
    for view, head in every_head(session):
        made = projections.projection(view, head, letter)
        told = {"Q": view.queries, "K": view.keys, "V": view.values}[letter][head]
        for row, column in places(*told.shape):
            dot = made.cell(row, column)
            assert len(dot.left) == session.checkpoint.model.config.d_model
            np.testing.assert_allclose(dot.total, told[row, column], **TOLERANCE)
            np.testing.assert_allclose(math.fsum([*dot.products, dot.bias]), told[row, column], **TOLERANCE)
            shown = sum(term.product for term in dot.largest(sums.TERMS)) + dot.rest(sums.TERMS)[1] + dot.bias
            np.testing.assert_allclose(shown, told[row, column], **TOLERANCE)


def test_a_weight_is_its_chain(session: Session) -> None:
    for view, head in every_head(session):
        queries, keys, values = view.queries[head], view.keys[head], view.values[head]
        for query, key in places(len(queries), len(keys)):
            cell = arithmetic.weighing(queries, keys, values, view.mask, query, key)
            np.testing.assert_allclose(cell.dot.total, queries[query] @ keys[key], **TOLERANCE)
            np.testing.assert_allclose(cell.score, view.scores[head, query, key], **TOLERANCE)
            assert cell.allowed == view.mask[query, key]
            np.testing.assert_allclose(cell.weight, view.weights[head, query, key], **TOLERANCE)
            np.testing.assert_allclose(cell.contribution, view.weights[head, query, key] * values[key], **TOLERANCE)


def test_the_parts_of_all_keys_add_up_to_the_heads_output(session: Session) -> None:
    for view, head in every_head(session):
        vectors = view.queries[head], view.keys[head], view.values[head]
        query = len(view.query_pieces) - 1
        cells = [arithmetic.weighing(*vectors, view.mask, query, key) for key in range(len(view.key_pieces))]
        np.testing.assert_allclose(sum(cell.weight for cell in cells), 1, rtol=0, atol=1e-9)
        np.testing.assert_allclose(sum(cell.contribution for cell in cells), view.heads[head, query], **TOLERANCE)


def test_a_number_of_the_output_is_its_mixture(session: Session) -> None:
    for view, head in every_head(session):
        one = one_head.one_head(view, head, scaled=True)
        for query, dimension in places(*view.heads[head].shape):
            np.testing.assert_allclose(
                one.mixing(query, dimension).total, view.heads[head, query, dimension], **TOLERANCE
            )


def test_without_the_division_everything_follows_from_the_dot_products(session: Session) -> None:
    for view, head in every_head(session):
        one = one_head.one_head(view, head, scaled=False)
        np.testing.assert_allclose(one.scores, view.scores[head] * math.sqrt(view.d_head), rtol=0, atol=1e-3)
        masked = np.where(view.mask, one.scores, -1e30)
        powers = np.exp(masked - masked.max(1, keepdims=True))
        weights = powers / powers.sum(1, keepdims=True)
        np.testing.assert_allclose(one.weights, weights, **TOLERANCE)
        np.testing.assert_allclose(one.output, weights @ view.values[head], **TOLERANCE)
        for query, key in places(*one.weights.shape):
            np.testing.assert_allclose(one.weighing(query, key).weight, weights[query, key], **TOLERANCE)


def test_the_division_makes_rows_less_sharp(session: Session) -> None:
    for view, head in every_head(session):
        for query in range(len(view.query_pieces)):
            model, raw = one_head.one_head(view, head, scaled=True).rows(query)
            assert raw.entropy <= model.entropy + 1e-6
            assert raw.largest >= model.largest - 1e-6


@pytest.mark.parametrize(("weights", "entropy", "gradient"), [
    ([1.0, 0.0, 0.0], 0.0, 0.0), ([0.5, 0.5], 1.0, 0.5), ([0.25] * 4, 2.0, math.sqrt(3) / 4), ([1.0], 0.0, 0.0),
])  # fmt: skip
def test_sharpness_of_known_rows(weights: list[float], entropy: float, gradient: float) -> None:
    found = arithmetic.row(np.array(weights))
    np.testing.assert_allclose([found.entropy, found.gradient], [entropy, gradient], atol=1e-12)


def test_the_gradient_is_the_derivative_of_the_softmax() -> None:
    scores, mask = np.array([0.3, -1.2, 2.0, 0.7]), np.ones(4, dtype=bool)
    step = 1e-6 * np.eye(4)
    jacobian = [(arithmetic.softmax(scores + h, mask) - arithmetic.softmax(scores - h, mask)) / 2e-6 for h in step]
    np.testing.assert_allclose(
        arithmetic.row(arithmetic.softmax(scores, mask)).gradient, np.linalg.norm(jacobian), rtol=1e-6
    )


def test_large_scores_do_not_overflow() -> None:
    huge = np.full((1, 4), 60.0)
    cell = arithmetic.weighing(
        huge, np.array([[60.0] * 4, [-60.0] * 4]), huge, np.ones((1, 2), dtype=bool), 0, 0, scaled=False
    )
    assert cell.weight == 1.0


@pytest.mark.parametrize("count", [0, 1, 4, 9])
def test_largest_and_rest_lose_nothing(count: int) -> None:
    dot = arithmetic.projection(np.array([1.0, -4.0, 2.0, 0.5]), np.array([1.0, 1.0, -3.0, 0.0]), 0.25)
    told, (left, rest) = dot.largest(count), dot.rest(count)
    assert [term.place for term in told] == [2, 1, 0, 3][:count]
    assert left == max(0, 4 - count)
    assert math.isclose(sum(term.product for term in told) + rest + dot.bias, dot.total)
    assert math.isclose(dot.total, -8.75)


@pytest.mark.parametrize(("value", "written"), [
    (0.0, "0.000"), (-1.23456, "−1.235"), (0.00004, "4.0×10⁻⁵"), (-3e-12, "−3.0×10⁻¹²"), (12.0, "12.000"), (-0.0, "0.000"), (0.0005, "0.001"),
])  # fmt: skip
def test_numbers_as_people_write_them(value: float, written: str) -> None:
    assert sums.number(value) == written


def test_pieces_are_shown_as_text() -> None:
    dot = arithmetic.projection(np.array([1.0, 2.0]), np.array([-1.0, 1.0]), 0.0)
    assert "<b>hi" not in sums.summed(dot, ["<b>hi</b>", "&"])
    assert "&lt;b&gt;hi&lt;/b&gt;" in sums.summed(dot, ["<b>hi</b>", "&"])
