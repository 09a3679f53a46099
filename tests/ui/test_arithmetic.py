"""The sum behind every cell: for random cells of every attention, layer and head, it is the number in the trace."""

import math

import numpy as np
import pytest

from tests.trained import TOLERANCE, Session, every_head, places, session_of_grammar
from ui.measures import arithmetic
from ui.show import sums


@pytest.fixture(scope="module")
def session() -> Session:
    """A trained model and its sentence."""
    return session_of_grammar()


def test_all_attentions_are_there(session: Session) -> None:
    config = session.checkpoint.model.config
    assert len(every_head(session)) == config.heads * (config.encoder_layers + 2 * config.decoder_layers)


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
