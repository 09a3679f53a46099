"""Why divide by sqrt(d_k): entropies and gradients against closed forms, random vectors against the theory, records that are damaged."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from relatives.scaling import recorded, vectors
from relatives.scaling.heads import attentions, measured
from relatives.scaling.recorded import RecordError
from relatives.scaling.sharpness import alike, entropy, gradient
from relatives.scaling.trained import variants
from tests.small_models import SIZES
from transformer.config import Config
from transformer.model import Transformer


@pytest.mark.parametrize("keys", [1, 2, 7, 60])
def test_a_row_that_gives_all_keys_the_same_has_the_entropy_log_n_and_a_row_with_one_key_none(keys: int) -> None:
    even, one = np.full(keys, 1 / keys), np.eye(keys)[0]
    np.testing.assert_allclose([entropy(even), gradient(even)], alike(keys), atol=1e-12)
    np.testing.assert_allclose(entropy(even) * math.log(2), math.log(keys), atol=1e-12)
    np.testing.assert_allclose([entropy(one), gradient(one)], 0, atol=1e-12)


def test_the_gradient_is_the_norm_of_torch_s_own_jacobian_of_the_softmax() -> None:
    scores = torch.tensor(np.random.default_rng(3).normal(size=(5, 9)) * 3)
    jacobians = [torch.autograd.functional.jacobian(lambda s: s.softmax(-1), row) for row in scores]
    expected = [float(torch.linalg.norm(each)) for each in jacobians]
    np.testing.assert_allclose(gradient(scores.softmax(-1).numpy()), expected, rtol=1e-9)


@pytest.mark.parametrize("d_k", [2, 16, 512])
def test_random_vectors_spread_by_the_root_of_d_k_and_the_division_takes_it_out(d_k: int) -> None:
    """Within 6 %: 40 draws of 144 products have a standard error of some 1 to 3 %."""
    found = vectors.drawn(d_k, 12, seed=1)
    assert found.spread.mean() == pytest.approx(math.sqrt(d_k), rel=0.06)
    queries, keys = vectors.vectors(d_k, 12, 1)
    products = torch.tensor(queries) @ torch.tensor(keys).mT
    np.testing.assert_allclose(found.spread, products.std((-1, -2), correction=0), rtol=1e-9)
    rows = (products / math.sqrt(d_k)).softmax(-1)
    bits = torch.distributions.Categorical(probs=rows).entropy().mean(-1) / math.log(12)
    np.testing.assert_allclose(found.entropy, bits, atol=1e-6)


def test_without_the_division_wide_heads_let_no_gradient_through() -> None:
    narrow, wide = (vectors.drawn(d_k, 12, seed=2) for d_k in (4, 512))
    assert wide.gradient_raw.mean() < 0.4 * narrow.gradient_raw.mean()
    assert wide.gradient.mean() == pytest.approx(narrow.gradient.mean(), rel=0.1)
    assert wide.entropy_raw.mean() < 0.2 < 0.7 < wide.entropy.mean()


def test_one_seed_draws_the_same_again_and_another_others() -> None:
    one, same, other = (vectors.drawn(8, 5, seed).spread for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    with pytest.raises(ValueError, match="at least 2 keys"):
        vectors.drawn(8, 1, 1)


def test_a_model_s_heads_are_measured_where_a_query_may_look() -> None:
    torch.manual_seed(1)
    model = Transformer(Config(vocabulary_size=40, **SIZES)).eval()
    with torch.inference_mode():
        trace = model(torch.tensor([[5, 6, 7]]), torch.tensor([[1, 8, 9, 4]]))
    found = measured([trace, trace])
    places = list(attentions(trace))
    assert len(found) == len(places) * model.config.heads
    for head in found:
        attention = dict(places)[head.kind, head.layer]
        mask = attention.mask[0, 0]
        raw = attention.scores[0, head.head][mask] * math.sqrt(model.config.d_head)
        assert head.spread == pytest.approx(float(raw.std(correction=0)), rel=1e-4)
        rows = attention.weights[0, head.head][mask.sum(-1) > 1].double()
        bits = torch.special.entr(rows).sum(-1) / mask.sum(-1)[mask.sum(-1) > 1].log()
        assert head.entropy == pytest.approx(float(bits.mean()), rel=1e-6)


def test_the_shipped_record_holds_models_that_began_as_the_theory_says() -> None:
    found = recorded.models()
    assert {(each.heads, each.scaled, each.rate) for each in found} == set(variants())
    for each in found:
        assert len(each.after) == each.heads * 6
        assert np.mean([head.spread for head in each.before]) == pytest.approx(math.sqrt(each.d_k), rel=0.1)


def test_a_record_that_is_missing_or_damaged_is_named_with_the_command_that_makes_it(tmp_path: Path) -> None:
    path = tmp_path / "scaling.json"
    with pytest.raises(RecordError, match=r"scaling\.json is missing.*python -m relatives\.scaling"):
        recorded.models(path)
    whole = json.loads(recorded.TRAINED.read_text("utf-8"))
    model = whole["models"][0]
    for damage in (
        "", "[]", "{", '{"models": []}', '{"models": [1]}', json.dumps({"models": [model | {"loss": "low"}]}),
        json.dumps({"models": [model | {"loss": float("nan")}]}), json.dumps({"models": [model | {"after": []}]}),
        json.dumps({"models": [model | {"more": 1}]}), json.dumps({"models": [{"heads": 4}]}),
    ):  # fmt: skip
        path.write_text(damage, "utf-8")
        with pytest.raises(RecordError, match="damaged"):
            recorded.models(path)
