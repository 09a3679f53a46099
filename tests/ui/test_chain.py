"""The chain of a weight: each step begins where the one before ended, and ends in the number of the trace, up to the next layer."""

from collections.abc import Iterator

import numpy as np
import pytest

from tests.trained import TOLERANCE, Session, every_head, places, session_of_grammar
from ui.measures.chain import Chain, chain, layer_of
from ui.session.attentions import Attention


@pytest.fixture(scope="module")
def session() -> Session:
    """A trained model and its sentence."""
    return session_of_grammar()


def chains(session: Session) -> Iterator[tuple[Attention, int, int, int, Chain]]:
    """Random cells of every head, some with dimensions that are pointed at."""
    for view, head in every_head(session):
        for number, (query, key) in enumerate(places(*view.weights[head].shape)):
            asked = {} if number % 2 else {"dimension": number, "column": 3 * number + 1}
            yield view, head, query, key, chain(session, view, head, query, key, **asked)


def test_every_step_ends_in_the_number_of_the_trace(session: Session) -> None:
    for view, head, query, key, found in chains(session):
        layer, column = layer_of(session, view)[0], found.column
        name = {"encoder": "after_attention", "decoder": "after_self_attention", "cross": "after_cross_attention"}[
            view.kind
        ]
        box = getattr(layer, name)
        expected = [
            (found.value.ends, view.weights[head, query, key] * view.values[head, key, found.dimension]),
            (found.keys.ends, view.heads[head, query, found.dimension]),
            (found.mix.ends, view.output[query, column]),
            (found.norm.added[column], box.added[0, query, column]),
            (found.norm.mean, box.mean[0, query, 0]),
            (found.norm.deviation, box.deviation[0, query, 0]),
            (found.norm.ends, box.output[0, query, column]),
        ]
        if fed := found.fed:
            expected += [
                (fed.hidden.dot.total, layer.feed_forward.hidden[0, query, fed.unit]),
                (fed.hidden.ends, layer.feed_forward.active[0, query, fed.unit]),
                (fed.out.ends, layer.feed_forward.output[0, query, column]),
                (fed.norm.came, box.output[0, query, column]),
                (fed.norm.ends, layer.output[0, query, column]),
            ]
        np.testing.assert_allclose(
            *zip(*((float(one), float(other)) for one, other in expected), strict=True), **TOLERANCE
        )
        assert (found.fed is None) is (view.kind == "decoder")


def test_every_step_begins_where_the_one_before_ended(session: Session) -> None:
    for view, head, query, key, found in chains(session):
        assert found.value.begins == view.weights[head, query, key]
        ends = [found.value.ends, found.keys.ends, found.mix.ends]
        begins = [found.keys.begins, found.mix.begins, found.norm.begins]
        sums = [found.value, found.keys, found.mix]
        if fed := found.fed:
            ends += [found.norm.ends, fed.hidden.ends, fed.out.ends]
            begins += [fed.hidden.begins, fed.out.begins, fed.norm.begins]
            sums += [fed.hidden, fed.out]
        np.testing.assert_allclose(begins, ends, rtol=0, atol=1e-9)
        for step in sums[1:]:  # what a sum begins with is one of its terms, or the product that is one
            term = step.dot.products[step.place] if step is found.keys else step.dot.left[step.place]
            np.testing.assert_allclose(step.begins, term, rtol=0, atol=1e-9)
        assert found.mix.places[found.mix.place] == found.place == head * view.d_head + found.dimension


def test_without_a_choice_the_number_is_followed_where_it_weighs_most(session: Session) -> None:
    for view, head in every_head(session):
        found = chain(session, view, head, 2, 1)
        assert found.dimension == int(np.abs(view.values[head, 1]).argmax())
        row = view.module.W_O.weight.numpy(force=True)[:, found.place]
        assert found.column == int(np.abs(row).argmax())
        if found.fed:
            firing = layer_of(session, view)[0].feed_forward.active[0, 2].numpy() > 0
            assert firing[found.fed.unit] or not firing.any()
            assert set(np.flatnonzero(firing)) <= set(found.fed.out.places)
