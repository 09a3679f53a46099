"""The whole model is PyTorch's `nn.Transformer`, number for number, and what it must not see it does not see."""

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from transformer.attention import MultiHeadAttention, causal_mask
from transformer.config import Config
from transformer.model import Transformer
from transformer.trace import Trace, tensors

CLOSE = {"rtol": 0, "atol": 1e-10}


def test_the_whole_model_is_pytorchs(model: Transformer, source: Tensor, target: Tensor) -> None:
    """Two languages, padding on both sides, every mask: the same logits at every real position."""
    theirs, trace = torchs(model), model(source, target)
    embed = model.embedding
    decoded = theirs(
        embed(source, model.matrix).output, embed(target, model.matrix).output,
        tgt_mask=~causal_mask(target.size(1))[0, 0], src_key_padding_mask=source == 0,
        tgt_key_padding_mask=target == 0, memory_key_padding_mask=source == 0,
    )  # fmt: skip
    torch.testing.assert_close(trace.decoder.output, decoded, **CLOSE)
    torch.testing.assert_close(trace.logits, decoded @ model.matrix.T, **CLOSE)


def test_its_gradients_are_pytorchs_too(model: Transformer, source: Tensor, target: Tensor) -> None:
    theirs = torchs(model)
    ours = model(source, target).decoder.output
    embed = model.embedding
    with torch.no_grad():
        embedded = [embed(ids, model.matrix).output for ids in (source, target)]
    other = theirs(
        *embedded, tgt_mask=~causal_mask(target.size(1))[0, 0], src_key_padding_mask=source == 0,
        tgt_key_padding_mask=target == 0, memory_key_padding_mask=source == 0,
    )  # fmt: skip
    for output in (ours, other):
        output[target != 0].pow(3).sum().backward()
    for mine, its in zip(model.encoder_layers, theirs.encoder.layers, strict=True):
        torch.testing.assert_close(mine.feed_forward.W_1.weight.grad, its.linear1.weight.grad, rtol=1e-8, atol=1e-8)
        torch.testing.assert_close(
            mine.self_attention.W_O.weight.grad, its.self_attn.out_proj.weight.grad, rtol=1e-8, atol=1e-8
        )


def test_single_precision_stays_within_one_part_in_a_hundred_thousand(
    model: Transformer, config: Config, source: Tensor, target: Tensor
) -> None:
    single = Transformer(config).eval()
    single.load_state_dict(model.state_dict())
    torch.testing.assert_close(
        single(source, target).logits.double(), model(source, target).logits, rtol=1e-5, atol=1e-5
    )


def test_a_later_target_piece_never_changes_an_earlier_output(
    model: Transformer, source: Tensor, target: Tensor
) -> None:
    before = model(source, target)
    for position in range(1, target.size(1)):
        changed = target.clone()
        changed[:, position:] = (changed[:, position:] + 17) % 97 + 3
        after = model(source, changed)
        assert torch.equal(after.logits[:, :position], before.logits[:, :position])
        assert not torch.equal(after.logits[:, position], before.logits[:, position])


def test_a_mask_can_be_given_and_without_one_the_future_leaks(
    model: Transformer, source: Tensor, target: Tensor
) -> None:
    causal = causal_mask(target.size(1))
    before = model(source, target)
    assert torch.equal(model(source, target, causal).logits, before.logits)
    opened = causal.clone()
    opened[0, 0, 1, 2] = True
    leaking = model(source, target, opened)
    assert torch.equal(leaking.logits[:, 0], before.logits[:, 0])
    assert not torch.equal(leaking.logits[:, 1], before.logits[:, 1])
    assert (leaking.decoder.layers[0].self_attention.weights[0, :, 1, 2] > 0).all()


def test_the_target_never_changes_the_encoder(model: Transformer, source: Tensor, target: Tensor) -> None:
    one, two = model(source, target), model(source, target[:, :3])
    assert torch.equal(one.encoder.output, two.encoder.output)


@pytest.mark.parametrize("more", [1, 2, 7])
def test_padding_never_changes_a_result(model: Transformer, source: Tensor, target: Tensor, more: int) -> None:
    plain = model(source, target)
    padded = model(F.pad(source, (0, more)), F.pad(target, (0, more)))
    torch.testing.assert_close(padded.logits[:, : target.size(1)], plain.logits, **CLOSE)
    torch.testing.assert_close(padded.encoder.output[:, : source.size(1)], plain.encoder.output, **CLOSE)


def test_a_sentence_alone_gives_what_it_gives_in_company(model: Transformer, source: Tensor, target: Tensor) -> None:
    together = model(source, target).logits
    for row in range(len(source)):
        own_source, own_target = (ids[row][ids[row] != 0][None] for ids in (source, target))
        alone = model(own_source, own_target).logits[0]
        torch.testing.assert_close(together[row, : len(alone)], alone, **CLOSE)


def test_no_gradient_reaches_a_padded_place(model: Transformer, source: Tensor, target: Tensor) -> None:
    """The padding piece's own row learns only as an output, never as an input."""
    memory = model.encode(source).output.detach().requires_grad_()
    decoded = model.decode(target, memory, (source != 0)[:, None, None, :])
    decoded.output[target != 0].pow(2).sum().backward()
    assert (memory.grad[source == 0] == 0).all()
    assert (memory.grad[source != 0] != 0).any(-1).all()


def test_without_positions_the_order_of_the_source_does_not_matter(
    model: Transformer, source: Tensor, target: Tensor
) -> None:
    order = torch.tensor([2, 0, 4, 1, 3])
    one, other = source[:, :5], source[:, order]
    assert not torch.allclose(model(one, target).logits, model(other, target).logits)
    model.embedding.positions = torch.zeros_like(model.embedding.positions)
    torch.testing.assert_close(model(one, target).logits, model(other, target).logits, **CLOSE)


def test_one_matrix_embeds_both_languages_and_scores_the_answer(model: Transformer, config: Config) -> None:
    """Section 3.4: one parameter of that shape, and three places whose gradient reaches it."""
    of_that_shape = [
        name for name, each in model.named_parameters() if each.shape == (config.vocabulary_size, config.d_model)
    ]
    assert of_that_shape == ["matrix"]
    trace = model(torch.tensor([[5, 7]]), torch.tensor([[1, 11]]))
    trace.logits[0, -1, 13].backward()
    touched = set(model.matrix.grad.abs().sum(1).nonzero().flatten().tolist())
    assert touched == {5, 7, 1, 11, 13}  # the source's rows, the target's rows, and the row of the scored piece


def test_replacing_the_matrix_replaces_it_in_all_three_places(model: Transformer) -> None:
    ids = torch.tensor([[5, 7]])
    with torch.no_grad():
        model.matrix.mul_(2)
    trace = model(ids, ids)
    assert torch.equal(trace.encoder.embedding.rows, model.matrix[ids])
    assert torch.equal(trace.decoder.embedding.rows, model.matrix[ids])
    assert torch.equal(trace.logits, trace.decoder.output @ model.matrix.T)


def test_the_number_of_parameters_is_the_formula(model: Transformer, config: Config) -> None:
    d, f, v = config.d_model, config.d_ff, config.vocabulary_size
    attention, network, norm = 4 * (d * d + d), 2 * d * f + f + d, 2 * d
    encoder, decoder = attention + network + 2 * norm, 2 * attention + network + 3 * norm
    assert model.number_of_parameters == v * d + config.encoder_layers * encoder + config.decoder_layers * decoder
    assert model.number_of_parameters == config.parameters


def test_a_fresh_model_knows_nothing(config: Config, source: Tensor, target: Tensor) -> None:
    """Before training no piece is much likelier than another: the surprise is near that of a fair draw."""
    torch.manual_seed(1)
    logits = Transformer(config).eval()(source, target).logits.detach()
    surprise = float(F.cross_entropy(logits.flatten(0, 1), target.roll(-1, 1).flatten()))
    assert surprise == pytest.approx(math.log(config.vocabulary_size), rel=0.3)


def test_evaluating_is_repeatable_and_training_is_not(model: Transformer, source: Tensor, target: Tensor) -> None:
    assert torch.equal(model(source, target).logits, model(source, target).logits)
    model.train()
    assert not torch.equal(model(source, target).logits, model(source, target).logits)


def test_a_forward_pass_leaves_nothing_on_the_model(model: Transformer, source: Tensor, target: Tensor) -> None:
    before = {name: set(vars(module)) for name, module in model.named_modules()}
    model(source, target)
    assert {name: set(vars(module)) for name, module in model.named_modules()} == before


def test_a_text_longer_than_the_positions_is_refused(model: Transformer, config: Config, source: Tensor) -> None:
    too_long = torch.full((1, config.max_positions + 1), 5)
    for texts in ((too_long, source[:1]), (source[:1], too_long)):
        with pytest.raises(ValueError, match="42 pieces are more than the 41 positions"):
            model(*texts)


def test_four_threads_on_one_model_each_get_their_own_trace(config: Config) -> None:
    """What many browser sessions do: each thread asks about its own sentence, again and again."""
    torch.manual_seed(1)
    model = Transformer(config).eval()
    inputs = [
        torch.randint(3, 101, (1, length), generator=torch.Generator().manual_seed(length)) for length in (5, 7, 11, 13)
    ]

    def ask(number: int) -> list[Trace]:
        torch.set_num_threads(1)
        with torch.inference_mode():
            return [model(inputs[number], inputs[number - turn % 4]) for turn in range(20)]

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(ask, range(4)))
    for number, traces in enumerate(answers):
        alone = [dict(named(trace)) for trace in ask(number)[:4]]
        for turn, trace in enumerate(traces):
            assert all(torch.equal(tensor, alone[turn % 4][path]) for path, tensor in named(trace))


def named(trace: Trace) -> Iterator[tuple[str, Tensor]]:
    """The trace's tensors by path."""
    return ((path, tensor) for path, tensor, _ in tensors(trace))


def torchs(model: Transformer) -> nn.Transformer:
    """PyTorch's own Transformer with the same weights: post-norm, ReLU, without its additional last norms."""
    config = model.config
    sizes = {
        "d_model": config.d_model, "nhead": config.heads, "dim_feedforward": config.d_ff, "dropout": 0.0,
        "activation": "relu", "batch_first": True, "norm_first": False, "dtype": torch.float64,
    }  # fmt: skip
    encoder = nn.TransformerEncoder(
        nn.TransformerEncoderLayer(**sizes), config.encoder_layers, norm=None, enable_nested_tensor=False
    )
    decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(**sizes), config.decoder_layers, norm=None)
    whole = nn.Transformer(
        config.d_model, config.heads, custom_encoder=encoder, custom_decoder=decoder, batch_first=True
    )
    for ours, theirs in zip(model.encoder_layers, encoder.layers, strict=True):
        copy_attention(ours.self_attention, theirs.self_attn)
        copy(ours.after_attention.norm, theirs.norm1)
        copy(ours.after_feed_forward.norm, theirs.norm2)
    for ours, theirs in zip(model.decoder_layers, decoder.layers, strict=True):
        copy_attention(ours.self_attention, theirs.self_attn)
        copy_attention(ours.cross_attention, theirs.multihead_attn)
        copy(ours.after_self_attention.norm, theirs.norm1)
        copy(ours.after_cross_attention.norm, theirs.norm2)
        copy(ours.after_feed_forward.norm, theirs.norm3)
    for ours, theirs in zip(
        [*model.encoder_layers, *model.decoder_layers], [*encoder.layers, *decoder.layers], strict=True
    ):
        copy(ours.feed_forward.W_1, theirs.linear1)
        copy(ours.feed_forward.W_2, theirs.linear2)
    return whole


@torch.no_grad()
def copy(ours: nn.Module, theirs: nn.Module) -> None:
    """Weight and bias."""
    theirs.weight.copy_(ours.weight)
    theirs.bias.copy_(ours.bias)


@torch.no_grad()
def copy_attention(ours: MultiHeadAttention, theirs: nn.MultiheadAttention) -> None:
    """PyTorch keeps W_Q, W_K and W_V in one matrix."""
    projections = ours.W_Q, ours.W_K, ours.W_V
    theirs.in_proj_weight.copy_(torch.cat([each.weight for each in projections]))
    theirs.in_proj_bias.copy_(torch.cat([each.bias for each in projections]))
    copy(ours.W_O, theirs.out_proj)
