"""The sum behind every cell of Q, K and V: for random cells of every attention, layer and head, it is the number in the trace."""

import math

import numpy as np
import pytest

from pages.queries_keys_values import projections
from tests.trained import TOLERANCE, Session, every_head, places, session_of_grammar
from ui.show import sums


@pytest.fixture(scope="module")
def session() -> Session:
    """A trained model and its sentence."""
    return session_of_grammar()


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
