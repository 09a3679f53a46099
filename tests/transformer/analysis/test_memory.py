"""What is computed for many heads and places at once stays within a bound, and comes out the same however it is cut."""

import pytest
import torch

from transformer.analysis import memory, probes
from transformer.analysis.effects import scoreboard, traced
from transformer.analysis.memory import at_once, sliced
from transformer.analysis.probes import Side
from transformer.config import Config
from transformer.model import Transformer

FIRST, SECOND = Side((11, 23, 37, 41), (13, 17, 19), 43), Side((11, 23, 38, 41), (13, 17, 19), 59)
SIZES = {"vocabulary_size": 400, "d_model": 64, "d_ff": 1}


def test_the_largest_model_that_may_be_trained_fits() -> None:
    """Twelve layers of eight heads and forty pieces a side: a few rows at once, and no more than the bound."""
    config = Config(heads=8, encoder_layers=12, decoder_layers=12, **SIZES)
    rows = at_once(config, 40, 40)
    assert 1 < rows < 50
    assert at_once(config, 400, 400) == 1
    shipped = Config(heads=8, encoder_layers=3, decoder_layers=3, vocabulary_size=8000, d_model=256, d_ff=1024)
    assert at_once(shipped, 13, 13) > 1 + 9 * 8, "all heads in one batch, as quick as before"


def test_slices() -> None:
    assert [list(some) for some in sliced(range(5), 2)] == [[0, 1], [2, 3], [4]]
    assert [list(some) for some in sliced(range(2), 0)] == [[0], [1]]
    assert list(sliced([], 3)) == []


def test_the_bound_is_about_what_a_trace_takes(model: Transformer) -> None:
    """The tensors of one row, counted, against the estimate: not half of it, not more than it by a tenth."""
    trace = traced(model, (5, 6, 7, 8, 9), (5, 6, 7, 8))
    seen: dict[int, int] = {}

    def count(value: object) -> None:
        if isinstance(value, torch.Tensor):
            seen[value.untyped_storage().data_ptr()] = value.numel() * 4
        elif isinstance(value, tuple):
            for each in value:
                count(each)
        elif hasattr(value, "__dataclass_fields__"):
            for name in value.__dataclass_fields__:
                count(getattr(value, name))

    count(trace.encoder)
    count(trace.decoder)
    estimate = memory.MOST / at_once(model.config, 6, 5)
    assert 0.3 * estimate < sum(seen.values()) < 1.1 * estimate


@pytest.mark.parametrize("most", [1, 3, 5])
def test_slices_give_the_same(model: Transformer, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    found = probes.passes(model, probes.twins(FIRST, SECOND, end=2))
    states, heads = probes.patched_states(found), probes.switched_off(found)
    sets = [[head] for head in probes.every_head(model)][:7]
    patched, board = probes.patched_heads(found, sets), scoreboard(model, (5, 6, 7), (8, 9, 2))
    for where in (memory, "transformer.analysis.effects"):
        monkeypatch.setattr(*([where, "at_once"] if where is memory else [f"{where}.at_once"]), lambda *_: most)
    again = probes.patched_states(found)
    assert again.keys() == states.keys()
    assert all(torch.allclose(again[stage], values, atol=1e-9) for stage, values in states.items())
    assert torch.allclose(probes.switched_off(found), heads, atol=1e-9)
    assert torch.allclose(probes.patched_heads(found, sets), patched, atol=1e-9)
    assert [effect.head for effect in scoreboard(model, (5, 6, 7), (8, 9, 2))] == [effect.head for effect in board]
