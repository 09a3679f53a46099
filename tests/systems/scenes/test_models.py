"""The models that look at scenes: what each is equal to, and that what is shown is what is trained."""

import random
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from systems.scenes import drawing
from systems.scenes.asked import Convolution, ConvolutionSizes
from systems.scenes.hard import Hard, given, lot, one_hot
from systems.scenes.questions import ANSWERS, parse
from systems.scenes.soft import PAD, CaptionSizes, Eye, Soft
from systems.scenes.vit import PATCH, Vision, VisionLayer, VisionSizes, cut
from systems.system import System
from tests.systems.scenes import by_lot
from transformer.trace import tensors

CLOSE = {"rtol": 0, "atol": 1e-5}
CAPTIONS = CaptionSizes(channels=3, d_annotation=7, d_state=13, d_word=5, d_look=11)
SIZES: dict[type[System], Any] = {
    Soft: CAPTIONS,
    Hard: CAPTIONS,
    Convolution: ConvolutionSizes(channels=3, d_model=7, d_word=5, d_answer=11),
    Vision: VisionSizes(layers=2, heads=7, d_model=14, d_ff=11),
}


def made(kind: type[System], **changed: Any) -> Any:
    """An untrained model of prime sizes, whose biases are not the trivial 0."""
    torch.manual_seed(5)
    sizes = replace(SIZES[kind], **changed)
    model = kind(sizes, kind.words_of((), sizes)).eval().requires_grad_(False)
    for parameter in model.parameters():
        if parameter.dim() == 1 or not parameter.any():
            nn.init.normal_(parameter, std=0.3)
    return model


def read(model: System, number: int = 5) -> Any:
    """The trace of the first scenes of the corpus."""
    batch = model.batch(by_lot(number), random.Random(0))
    return model(drawing.paint(batch.shapes), batch.words)


@pytest.mark.parametrize("kind", SIZES)
def test_axes_of_one_name_are_equally_long_and_no_number_is_missing(kind: type[System]) -> None:
    lengths: dict[str, int] = {}
    for path, tensor, axes in tensors(read(made(kind))):
        assert tensor.dim() == len(axes.split()), path
        assert torch.isfinite(tensor).all(), path
        for name, length in zip(axes.split(), tensor.shape, strict=True):
            assert name.isdigit() or lengths.setdefault(name, length) == length, (path, name)


@pytest.mark.parametrize("kind", [Soft, Hard])
def test_weights_and_what_the_context_mixes_by_sum_to_1(kind: type[Soft]) -> None:
    trace = read(made(kind))
    for shares in (trace.glance.weights, trace.glance.chosen):
        assert torch.allclose(shares.sum(-1), torch.ones(shares.shape[:2]), **CLOSE)
    assert torch.allclose(trace.glance.context, trace.glance.chosen @ trace.annotations, **CLOSE)


def test_the_score_is_the_notes_formula() -> None:
    model = made(Soft)
    trace = read(model)
    W, U, b, v = model.glance.W.weight, model.glance.U.weight, model.glance.U.bias, model.glance.v
    y, c = trace.annotations[1, 17], trace.cell.before[1, 2]
    assert torch.allclose(trace.glance.scores[1, 2, 17], v @ (W @ y + U @ c + b).tanh(), **CLOSE)


def test_the_decoder_is_torchs_lstm() -> None:
    model = made(Soft)
    trace = read(model)
    cell = nn.LSTMCell(model.sizes.d_word + model.sizes.d_annotation, model.sizes.d_state)
    cell.load_state_dict(
        {"weight_ih": model.lstm.W, "weight_hh": model.lstm.U, "bias_ih": model.lstm.b_W, "bias_hh": model.lstm.b_U}
    )
    state, memory = model.begin(trace.annotations)
    for word in range(trace.ids.size(1)):
        assert torch.allclose(trace.cell.before[:, word], state, **CLOSE)
        state, memory = cell(trace.cell.inputs[:, word], (state, memory))
    assert torch.allclose(trace.cell.states[:, -1], state, **CLOSE)


def test_hard_attention_is_on_average_soft_where_the_decoder_is_linear_in_the_context() -> None:
    """With nothing but L_o L_z between context and logits, the mean over all draws, by their weights, is soft's own."""
    soft, hard = made(Soft), made(Hard)
    hard.load_state_dict(soft.state_dict(), strict=False)
    for model in (soft, hard):
        model.lstm.W[:, model.sizes.d_word :] = 0  # what comes next does not depend on what was seen
    batch = soft.batch(by_lot(3), random.Random(0))
    pictures = drawing.paint(batch.shapes)
    expected = soft(pictures, batch.words)
    places = expected.glance.weights.size(-1)
    mean = torch.zeros_like(expected.logits)
    for place in range(places):
        everywhere = torch.full((3,), place)
        draw = hard(pictures, batch.words, lambda weights, _, at=everywhere: one_hot(at, weights))
        mean += expected.glance.weights[..., place, None] * draw.logits
    assert torch.allclose(mean, expected.logits, **CLOSE)


def test_reinforce_has_on_average_the_gradient_of_the_expected_reward() -> None:
    """One word, so that all draws can be tried: their gradients, each by its weight, against the exact gradient."""
    model = made(Hard, entropy=0.0).requires_grad_(True)
    batch = model.batch(by_lot(30)[4:5], random.Random(0))
    batch = batch._replace(words=batch.words[:, :1], following=batch.following[:, :1])
    pictures, v = drawing.paint(batch.shapes), model.glance.v
    weights = model(pictures, batch.words, given(one_hot(torch.tensor([0]), torch.zeros(36))[None])).glance.weights[
        0, 0
    ]
    exact, estimated = torch.zeros(()), torch.zeros_like(v)
    for place, weight in enumerate(weights):
        choose = given(one_hot(torch.tensor([place]), weights)[:, None])
        found = model.surrogate(batch, choose)
        estimated += weight.detach() * torch.autograd.grad(found.words + found.draws, v, retain_graph=True)[0]
        exact = exact + weight * found.words
    assert torch.allclose(torch.autograd.grad(exact, v)[0], estimated, **CLOSE)


@pytest.mark.parametrize("kind", [Soft, Hard])
def test_a_caption_written_word_by_word_is_the_one_read_at_once(kind: type[Soft]) -> None:
    model = made(kind)
    pictures = drawing.pictures([example.scene for example in by_lot(4)])
    words, chosen = model.write(pictures, lot(torch.Generator().manual_seed(3)) if kind is Hard else None)
    begun = torch.cat((torch.full((4, 1), 2), words[:, :-1]), dim=1)
    trace = model(pictures, begun, given(chosen))
    real = words != PAD
    assert torch.equal(trace.logits.argmax(-1)[real], words[real])


def test_the_same_seed_draws_the_same_places() -> None:
    model, pictures = made(Hard), drawing.pictures([by_lot(1)[0].scene])
    draws = [model.write(pictures, lot(torch.Generator().manual_seed(seed)))[1] for seed in (1, 1, 2)]
    assert torch.equal(draws[0], draws[1])
    assert draws[0].shape != draws[2].shape or not torch.equal(draws[0], draws[2])


def test_an_annotation_sees_no_further_than_it_is_said_to() -> None:
    eye = Eye(3, 7)
    pictures = torch.rand(1, 3, 48, 48, requires_grad=True)
    eye(pictures).grid[0, :, 3, 3].sum().backward()  # type: ignore[no-untyped-call]
    seen = (pictures.grad[0] != 0).any(0).nonzero()
    assert (seen.max(0).values - seen.min(0).values + 1).tolist() == [23, 23]


def test_a_layer_of_the_vision_transformer_is_torchs_own() -> None:
    sizes = SIZES[Vision]
    d = sizes.d_model
    torch.manual_seed(1)
    mine = VisionLayer(sizes).eval()
    theirs = nn.TransformerEncoderLayer(
        d, sizes.heads, sizes.d_ff, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
    )
    a = mine.attention
    copied = {
        "self_attn.in_proj_weight": torch.cat([each.weight for each in (a.W_Q, a.W_K, a.W_V)]),
        "self_attn.in_proj_bias": torch.cat([each.bias for each in (a.W_Q, a.W_K, a.W_V)]),
        "self_attn.out_proj.weight": a.W_O.weight, "self_attn.out_proj.bias": a.W_O.bias,
        "linear1.weight": mine.W_1.weight, "linear1.bias": mine.W_1.bias,
        "linear2.weight": mine.W_2.weight, "linear2.bias": mine.W_2.bias,
        "norm1.weight": mine.norm_1.weight, "norm1.bias": mine.norm_1.bias,
        "norm2.weight": mine.norm_2.weight, "norm2.bias": mine.norm_2.bias,
    }  # fmt: skip
    theirs.load_state_dict(copied)
    x, there = torch.randn(3, 11, d), torch.rand(3, 11) > 0.3
    there[:, 0] = True
    expected = theirs.train()(x, src_key_padding_mask=~there)  # not its fused path
    assert torch.allclose(mine(x, there[:, None, None].expand(-1, -1, 11, -1)).output, expected, **CLOSE)


def test_on_one_row_a_layer_is_an_mlp() -> None:
    """The only row there is gets all the attention, so what is left is x + W_O W_V LN(x), and the feed-forward network."""
    layer = VisionLayer(SIZES[Vision]).eval()
    x = torch.randn(2, 1, 14)
    trace = layer(x, torch.ones(2, 1, 1, 1, dtype=torch.bool))
    assert torch.equal(trace.attention.weights, torch.ones(2, 7, 1, 1))
    middle = x + layer.attention.W_O(layer.attention.W_V(layer.norm_1(x)))
    assert torch.allclose(
        trace.output, middle + layer.W_2(nn.functional.gelu(layer.W_1(layer.norm_2(middle)))), **CLOSE
    )


def asked(model: Any, *texts: str) -> Tensor:
    """Questions as ids."""
    found: Tensor = model.read([[parse(text) for text in texts]])
    return found


def test_a_patch_that_is_left_out_is_as_good_as_never_there() -> None:
    model, there = made(Vision), torch.ones(1, 36, dtype=torch.bool)
    there[0, 7] = False
    picture = drawing.pictures([by_lot(1)[0].scene])
    other = picture.clone()
    other[..., 8:16, 8:16] = 0.5  # patch 7: second row, second column
    words = asked(model, "how many circles?")
    traces = [model(each, words, there) for each in (picture, other)]
    assert torch.equal(traces[0].logits, traces[1].logits)
    assert all((layer.attention.weights[..., 1 + 7] == 0).all() for layer in traces[0].layers)
    assert not torch.equal(model(picture, words).logits, model(other, words).logits)


def test_a_patch_is_its_pixels_times_E_plus_its_place() -> None:
    model, picture = made(Vision), torch.rand(1, 3, 48, 48)
    trace = model(picture, asked(model, "how many shapes?")).embedding
    row, column = divmod(20, 6)
    pixels = picture[0, :, PATCH * row : PATCH * (row + 1), PATCH * column : PATCH * (column + 1)]
    numbers = (pixels - torch.tensor(drawing.GROUND)[:, None, None]).flatten()
    assert torch.allclose(trace.pixels[0, 20], numbers)
    assert torch.allclose(trace.output[0, 21], model.E.weight @ numbers + model.E.bias + model.positions[21], **CLOSE)
    assert torch.equal(cut(picture)[0, 0, :PATCH], picture[0, 0, 0, :PATCH])


@pytest.mark.parametrize("kind", [Convolution, Vision])
def test_words_that_are_not_said_change_nothing_and_those_that_are_do(kind: Any) -> None:
    model = made(kind)
    picture = drawing.pictures([by_lot(1)[0].scene])
    logits = model(
        picture, asked(model, "how many circles?", "how many circles are there", "how many red circles?")
    ).logits[0]
    assert torch.allclose(logits[0], logits[1], **CLOSE)
    assert not torch.allclose(logits[0], logits[2])
    assert logits.shape == (3, len(ANSWERS))


@pytest.mark.parametrize("kind", [Convolution, Vision])
def test_questions_asked_together_are_answered_as_each_alone(kind: Any) -> None:
    model, texts = made(kind), ("how many circles?", "is there a red square left of a blue one?", "how many shapes?")
    picture = drawing.pictures([by_lot(1)[0].scene])
    together = model(picture, asked(model, *texts)).logits[0]
    for text, logits in zip(texts, together, strict=True):
        assert torch.allclose(model(picture, asked(model, text)).logits[0, 0], logits, **CLOSE)


@pytest.mark.parametrize("kind", SIZES)
def test_it_learns(kind: type[System]) -> None:
    """Two scenes by heart: the loss falls, and for the captioners' gradient every part is reached."""
    model = made(kind).requires_grad_(True).train()
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    batch = model.batch(by_lot(2), random.Random(0))
    costs = []
    for _ in range(40):
        loss = model.loss(batch)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        costs.append(float(loss.detach()))
    assert costs[-1] < 0.8 * costs[0] if kind is not Hard else True
    assert all(parameter.grad is not None for parameter in model.parameters())
    assert all(0 <= value <= 100 for value in model.eval().measure(by_lot(4)).values())
