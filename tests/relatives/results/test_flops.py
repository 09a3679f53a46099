"""What is counted is what a pencil counts."""

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from relatives import MODELS
from relatives.results import flops
from transformer.config import Config
from transformer.family import class_of, sized
from transformer.model import Transformer
from transformer.training.batches import Batch, Example, to_batch

SIZES = Config(vocabulary_size=50, d_model=16, heads=4, encoder_layers=2, decoder_layers=3, d_ff=24, dropout=0.0)
EXAMPLES: list[Example] = [([5, 6, 7], [8, 9]), ([5], [8, 9, 10, 11]), ([5, 6, 7, 8, 9], [8])]


def by_hand(config: Config, batch: Batch) -> dict[str, int]:
    """Multiply-and-adds of a forward pass, twice: section 3 of arXiv 1706.03762 with a pencil."""
    rows, source = batch.source.shape
    target, said = batch.target.size(1), int((batch.expected != 0).sum())
    d, read, written = config.d_model, rows * source, rows * target
    scores = config.encoder_layers * source * source + config.decoder_layers * (target * target + target * source)
    return {
        "encoder_layers.self_attention": 2 * config.encoder_layers * read * 4 * d * d,
        "encoder_layers.feed_forward": 2 * config.encoder_layers * read * 2 * d * config.d_ff,
        "decoder_layers.self_attention": 2 * config.decoder_layers * written * 4 * d * d,
        "decoder_layers.cross_attention": 2 * config.decoder_layers * (written + read) * 2 * d * d,
        "decoder_layers.feed_forward": 2 * config.decoder_layers * written * 2 * d * config.d_ff,
        flops.ATTENTION: 2 * rows * 2 * d * scores,  # Q K^T, and the weights times V
        flops.LOGITS: 2 * said * d * config.vocabulary_size,
    }


def test_a_step_is_counted_as_by_hand_part_by_part() -> None:
    batch = to_batch(EXAMPLES)
    step = flops.of_batch(Transformer(SIZES), batch)
    expected = by_hand(SIZES, batch)
    assert dict(step.forward) == expected
    assert step.backward == 2 * sum(expected.values()), "the way back makes each product twice"
    assert step.pieces == batch.tokens


def test_the_model_is_left_as_it_was() -> None:
    model = Transformer(SIZES).eval().requires_grad_(False)
    flops.step(model, EXAMPLES, batch_tokens=6)
    assert not model.training
    assert all(each.grad is None and not each.requires_grad for each in model.parameters())


def test_the_mean_of_the_batches_of_an_epoch() -> None:
    step = flops.step(Transformer(SIZES), EXAMPLES * 4, batch_tokens=6)
    alone = [sum(by_hand(SIZES, to_batch([each])).values()) for each in EXAMPLES]
    assert step.batches == 12
    assert step.total == pytest.approx(3 * sum(alone) / 3)
    with pytest.raises(ValueError, match="nothing to count"):
        flops.step(Transformer(SIZES), [], batch_tokens=6)


def test_of_a_large_batch_some_rows_stand_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    batch, model = to_batch(EXAMPLES * 40), Transformer(SIZES)
    whole = flops.of_batch(model, batch).total
    monkeypatch.setattr(flops, "LARGE", 100)
    assert flops.of_batch(model, batch).total == pytest.approx(whole, rel=0.05)


def test_the_rule_of_thumb_is_near_where_there_is_no_padding() -> None:
    """Within 5 % for short sentences in a model that is wide for them: the products of attention are what it leaves out."""
    config = Config(vocabulary_size=400, d_model=64, heads=4, encoder_layers=2, decoder_layers=2, d_ff=256, dropout=0.0)
    model, batch = Transformer(config), to_batch([([5] * 7, [8] * 7)] * 4)
    guess, step = flops.rule(model, batch.tokens), flops.of_batch(model, batch)
    assert guess == 6 * sum(each.numel() for each in model.parameters() if each.dim() == 2) * 4 * 8
    assert step.total == pytest.approx(guess, rel=0.05)
    assert step.total > guess


@pytest.mark.parametrize(("kind", "within"), [(nn.LSTM, 0.0), (nn.GRU, 0.06), (nn.RNN, 0.06)])
def test_recurrent_layers_are_counted_though_they_are_fused(kind: type[nn.RNNBase], within: float) -> None:
    """Step by step, the gradient of the first state is not needed and so not made; fused, it is."""
    layer = kind(12, 20, num_layers=2)
    read = torch.randn(9, 4, 12, requires_grad=True)
    with FlopCounterMode(display=False, custom_mapping=flops.FUSED) as counter:
        layer(read)[0].sum().backward()
    expected = 6 * 9 * 4 * sum(each.numel() for each in layer.parameters() if each.dim() == 2)
    assert counter.get_total_flops() == pytest.approx(expected, rel=within)


@pytest.mark.parametrize("kind", sorted(MODELS))
def test_every_relative_is_counted(kind: str) -> None:
    """Near 6 operations for each number in a matrix and each row that is read or written; attention's own products come on top."""
    model = class_of(kind)(sized(kind, SIZES))
    source, target = ([5] * 7, [8] * 7)
    step = flops.of_batch(model, to_batch([(source, target)] * 4))
    assert flops.rule(model, step.pieces) * 0.6 < step.total < flops.rule(model, step.pieces) * 2.2
    assert step.forward[flops.LOGITS] == 2 * 4 * 8 * model.matrix.numel()
    if kind in ("tanh", "gru", "lstm"):
        weights = [
            each.numel()
            for name, each in model.named_parameters()
            if each.dim() == 2 and name != "matrix" and "W_o" not in name
        ]
        assert step.forward[flops.CELLS] == pytest.approx(2 * 4 * 8 * sum(weights), rel=0.01)
