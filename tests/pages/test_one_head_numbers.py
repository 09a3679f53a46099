"""One head, step by step, with the division by sqrt(d_k) and without: its numbers, for every attention, layer and head."""

import math

import numpy as np
import pytest

from pages.one_head import steps as one_head
from tests.trained import TOLERANCE, Session, every_head, places, session_of_grammar


@pytest.fixture(scope="module")
def session() -> Session:
    """A trained model and its sentence."""
    return session_of_grammar()


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
