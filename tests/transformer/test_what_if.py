"""Changes of the machine: an empty one changes nothing, each does what it says, and nobody else sees it."""

import threading

import pytest
import torch

from transformer.analysis.effects import attentions, log_probability, mean_heads, redecoded, scoreboard, traced
from transformer.attention import causal_mask
from transformer.config import Config
from transformer.decoding.lean import lean
from transformer.decoding.reading import Cache, Redecoding, uncached
from transformer.decoding.search import best, greedy
from transformer.layers import sinusoidal_positions
from transformer.model import Transformer
from transformer.trace import tensors
from transformer.what_if import Head, Mask, Patch, Row, WhatIf, apply, attention, every_head, without

pytestmark = pytest.mark.usefixtures("no_gradients")
SOURCE, TARGET = [11, 23, 37, 41, 53, 61, 71], [13, 17, 29, 43, 59]


def logits(model: Transformer, what_if: WhatIf = WhatIf(), **more: object) -> torch.Tensor:  # noqa: B008
    return traced(apply(model, what_if, **more), SOURCE, TARGET).logits


def test_an_empty_change_changes_nothing(model: Transformer) -> None:
    assert apply(model, WhatIf()) is model
    ones = torch.ones(1, len(every_head(model)), dtype=torch.float64)
    plain, changed = traced(model, SOURCE, TARGET), traced(apply(model, WhatIf(), gates=ones), SOURCE, TARGET)
    for (path, one, _), (_, other, _) in zip(tensors(plain), tensors(changed), strict=True):
        assert torch.equal(one, other), path


@pytest.mark.parametrize("what_if", [
    WhatIf(heads=((Head("cross", 1, 2), "off"),)), WhatIf(positions=False), WhatIf(residual=False), WhatIf(scaling=False), WhatIf(feed_forward=False),
    WhatIf(removed=(("decoder", 1),)), WhatIf(masks=(Mask("decoder", ((True, True), (True, True))),)),
], ids=str)  # fmt: skip
def test_the_shared_model_is_never_written_to(model: Transformer, what_if: WhatIf) -> None:
    before, weights = logits(model), {name: tensor.clone() for name, tensor in model.state_dict().items()}
    changed = apply(model, what_if)
    assert not torch.allclose(logits(model, what_if), before)
    assert torch.equal(logits(model), before)
    assert all(torch.equal(weights[name], tensor) for name, tensor in model.state_dict().items())
    assert changed.matrix is model.matrix, "weights are shared"


@pytest.mark.parametrize("number", range(40))
def test_a_head_that_is_off_is_a_model_with_its_columns_of_W_O_zeroed(
    model: Transformer, config: Config, number: int
) -> None:
    head = every_head(model)[number]
    expected = logits(model, WhatIf(heads=((head, "off"),)))
    columns = slice(head.head * config.d_head, (head.head + 1) * config.d_head)
    attention(model, head.kind, head.layer).W_O.weight[:, columns] = 0
    assert torch.allclose(logits(model), expected, atol=1e-6)


def test_every_head_is_counted_once(model: Transformer, config: Config) -> None:
    assert len(every_head(model)) == len(set(every_head(model))) == 8 * config.heads
    assert every_head(model)[7] == Head("encoder", 1, 2)


def test_a_uniform_head_looks_everywhere_alike_and_a_row_where_it_is_told(model: Transformer) -> None:
    head, other = Head("decoder", 1, 3), Head("cross", 2, 0)
    what_if = WhatIf(heads=((head, "uniform"),), rows=(Row(other, 2, (0.0, 0.0, 6.0, 2.0)),))
    found = attentions(traced(apply(model, what_if), SOURCE, TARGET))
    causal = causal_mask(len(TARGET) + 1)[0, 0].double()
    assert torch.allclose(found["decoder", 1].weights[0, 3], causal / causal.sum(1, keepdim=True))
    row = found["cross", 2].weights[0, 0, 2]
    assert row.tolist() == pytest.approx([0, 0, 0.75, 0.25, 0, 0, 0, 0])
    for trace in found.values():
        assert torch.allclose(trace.heads, trace.weights @ trace.values)
    plain = attentions(traced(model, SOURCE, TARGET))
    assert torch.equal(found["cross", 0].weights[0, :1], plain["cross", 0].weights[0, :1])


def test_a_mean_head_says_its_mean(model: Transformer) -> None:
    head = Head("encoder", 0, 1)
    means = mean_heads(model, [(SOURCE, TARGET)])
    plain = attentions(traced(model, SOURCE, TARGET))["encoder", 0].heads[0]
    assert torch.allclose(means["encoder", 0], plain.mean(1))
    found = attentions(traced(apply(model, WhatIf(heads=((head, "mean"),)), means), SOURCE, TARGET))[
        "encoder", 0
    ].heads[0]
    assert torch.allclose(found[1], plain[1].mean(0).expand_as(found[1]))
    with pytest.raises(ValueError, match="mean"):
        apply(model, WhatIf(heads=((head, "mean"),)))


def test_masks_scaling_and_temperature(model: Transformer, config: Config) -> None:
    length = len(TARGET) + 1
    everything = tuple((True,) * length for _ in range(length))
    given = model(*ids(model), target_mask=torch.ones(1, 1, length, length, dtype=torch.bool)).logits
    assert torch.allclose(logits(model, WhatIf(masks=(Mask("decoder", everything),))), given)
    unscaled = attentions(traced(apply(model, WhatIf(scaling=False)), SOURCE, TARGET))["encoder", 0]
    plain = attentions(traced(model, SOURCE, TARGET))["encoder", 0]
    assert torch.allclose(unscaled.scores, plain.scores * config.d_head**0.5)
    hot = attentions(traced(apply(model, WhatIf(temperature=2.0)), SOURCE, TARGET))["encoder", 0]
    assert torch.allclose(hot.weights, (plain.scores / 2).softmax(-1))
    assert torch.allclose(logits(model, WhatIf(causal=False)), given)
    one = WhatIf(masks=(Mask("cross", ((False, True),) + ((True, False),) * 5),))
    seen = attentions(traced(apply(model, one), SOURCE, TARGET))["cross", 1].weights[0]
    assert (seen[:, 0, 0] == 0).all()
    assert (seen[:, 1, 1] == 0).all()


def ids(model: Transformer) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.tensor([[*SOURCE, model.config.end_id]]), torch.tensor([[model.config.start_id, *TARGET]])


def test_positions_off_moved_and_shifted(model: Transformer, config: Config) -> None:
    assert apply(model, WhatIf(positions=False)).embedding.positions.abs().max() == 0
    table = sinusoidal_positions(100, config.d_model).double()
    moved = apply(model, WhatIf(places=(4, 0, 2))).embedding.positions
    assert torch.equal(moved[:4], table[[4, 0, 2, 3]])
    assert torch.equal(apply(model, WhatIf(shift=50)).embedding.positions, table[50 : 50 + config.max_positions])


def test_without_positions_the_encoder_says_the_same_in_another_order(model: Transformer) -> None:
    changed, order = apply(model, WhatIf(positions=False)), torch.tensor([3, 0, 6, 1, 5, 2, 4, 7])
    source, _ = ids(model)
    assert torch.allclose(changed.encode(source[:, order]).output, changed.encode(source).output[:, order], atol=1e-12)
    assert not torch.allclose(model.encode(source[:, order]).output, model.encode(source).output[:, order], atol=1e-3)


def test_residual_norm_and_layers(model: Transformer) -> None:
    bare = traced(apply(model, WhatIf(residual=False, norm=False)), SOURCE, TARGET).encoder.layers[0]
    assert torch.allclose(bare.after_attention.output, bare.self_attention.output)
    normed = traced(apply(model, WhatIf(norm=False)), SOURCE, TARGET).encoder.layers[0]
    assert torch.allclose(normed.after_attention.output, normed.input + normed.self_attention.output)
    silent = traced(apply(model, WhatIf(feed_forward=False)), SOURCE, TARGET)
    for layer in (*silent.encoder.layers, *silent.decoder.layers):
        assert layer.feed_forward.active.any(), "its units fire all the same"
        assert torch.equal(layer.after_feed_forward.added, layer.after_feed_forward.input)
    fewer = traced(apply(model, WhatIf(removed=(("encoder", 0),))), SOURCE, TARGET)
    assert len(fewer.encoder.layers) == 1
    assert len(fewer.decoder.layers) == 3


def test_patching_everything_gives_the_other_sentence(model: Transformer) -> None:
    """With every head of every attention patched, and the same embeddings' residual, nothing of the first sentence is left."""
    other = [11, 23, 37, 42, 53, 61, 71]
    given = attentions(traced(model, other, TARGET))
    patches = [
        Patch(kind, layer, torch.ones(each.heads.shape[1:3], dtype=torch.bool), each.heads[0])
        for (kind, layer), each in given.items()
        if kind == "cross"
    ]
    patched = traced(apply(model, WhatIf(), patches=patches), SOURCE, TARGET)
    assert torch.equal(patched.logits, traced(model, other, TARGET).logits)
    nothing = [patch._replace(where=torch.zeros_like(patch.where)) for patch in patches]
    assert torch.equal(traced(apply(model, WhatIf(), patches=nothing), SOURCE, TARGET).logits, logits(model))


def test_the_scoreboard_is_what_switching_off_one_by_one_gives(model: Transformer) -> None:
    target = [*TARGET, model.config.end_id]
    board = scoreboard(model.float(), SOURCE, target)
    assert [effect.fall for effect in board] == sorted((effect.fall for effect in board), reverse=True)
    whole, plain = log_probability(model, SOURCE, target), logits(model).argmax(-1)[0]
    assert {effect.head for effect in board} == set(every_head(model))
    for effect in board[::7]:
        without = apply(model, WhatIf(heads=((effect.head, "off"),)))
        assert effect.fall == pytest.approx(whole - log_probability(without, SOURCE, target), abs=1e-4)
        other = traced(without, SOURCE, TARGET).logits.argmax(-1)[0]
        assert list(effect.changed) == [place for place in range(len(target)) if other[place] != plain[place]]


@pytest.mark.parametrize("what_if", [WhatIf(), WhatIf(rows=(Row(Head("cross", 0, 1), 1, (1.0,)),)), WhatIf(shift=3)])
def test_a_changed_model_translates_as_its_own_forward_says(model: Transformer, what_if: WhatIf) -> None:
    changed = apply(model, what_if)
    found = best(greedy(changed, SOURCE, 9, redecoded)).ids
    assert best(greedy(changed, SOURCE, 9)).ids == found, "the usual reader knows what to do"
    read: list[int] = []
    for piece in found:
        likely = traced(changed, SOURCE, read).logits[0, -1].clone()
        likely[[model.config.padding_id, model.config.start_id]] = -torch.inf
        assert piece == int(likely.argmax())
        read.append(piece)


SEES = tuple(tuple(key <= query for key in range(6)) for query in range(6))
CHANGES = {
    "head": WhatIf(heads=((Head("cross", 0, 1), "off"), (Head("decoder", 1, 2), "uniform"))),
    "cross row": WhatIf(rows=(Row(Head("cross", 1, 1), 2, (0.0, 1.0)),)),
    "earlier": WhatIf(rows=(Row(Head("decoder", 1, 1), 3, (0.0, 1.0, 1.0)),)),
    "cross mask": WhatIf(masks=(Mask("cross", ((False, True), (True, False), (False, True))),)),
    "encoder mask": WhatIf(masks=(Mask("encoder", ((False, True), (True, True))),)),
    "odd": WhatIf(
        masks=(Mask("decoder", tuple(tuple(see and key != 1 for key, see in enumerate(row)) for row in SEES)),)
    ),
    "previous": WhatIf(masks=(Mask("decoder", ((True, False, False), (True, False, False), (False, True, False))),)),
    "positions": WhatIf(positions=False, scaling=False, temperature=0.5),
    "places": WhatIf(places=(3, 1, 0, 2), shift=4),
    "bare": WhatIf(residual=False, norm=False, removed=(("decoder", 1),)),
    "no causal": WhatIf(causal=False),
    "future": WhatIf(masks=(Mask("decoder", ((True, True), (True, True))),)),
    "later": WhatIf(rows=(Row(Head("decoder", 0, 1), 1, (0.0, 1.0, 0.0, 1.0)),)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_model_is_read_as_if_it_were_run_anew(model: Transformer, name: str) -> None:
    """With a cache wherever no position looks at a later one; rows are selected on the way, as a beam does."""
    changed = apply(model, CHANGES[name])
    sources = [SOURCE, SOURCE[2:5]]
    fast, slow = lean(changed, sources), uncached(changed, sources)
    assert isinstance(fast, Redecoding if name in ("no causal", "future", "later") else Cache)
    likely: dict[str, torch.Tensor] = {}
    for step, rows in enumerate(([0, 1], [1, 0, 0], [2, 2, 1], [0, 1], [1], [0], [0])):
        if step:
            fast, slow = fast.select(torch.tensor(rows)), slow.select(torch.tensor(rows))
        pieces = torch.tensor([13 + 2 * step + row for row in range(len(rows))])
        likely["fast"], fast = fast.read(pieces)
        likely["slow"], slow = slow.read(pieces)
        assert torch.allclose(likely["fast"], likely["slow"], atol=1e-9), f"step {step}"


def test_without_its_mask_the_decoder_still_does_not_see_the_padding(model: Transformer) -> None:
    changed, (source, target) = without(model, "mask"), ids(model)
    padded = torch.cat((target, torch.zeros(1, 3, dtype=torch.long)), dim=1)
    assert torch.allclose(changed(source, padded).logits[:, : len(TARGET) + 1], changed(source, target).logits)
    assert without(model, "") is model
    with pytest.raises(ValueError, match="positions"):
        without(model, "luck")


@pytest.mark.parametrize("wrong", [
    {"temperature": 0.0}, {"temperature": float("nan")}, {"shift": -1}, {"places": (-1,)},
    {"rows": (Row(Head("cross", 0, 0), 0, (0.0, 0.0)),)}, {"rows": (Row(Head("cross", 0, 0), 0, (-1.0, 2.0)),)},
    {"masks": (Mask("decoder", ((False, False),)),)},
], ids=str)  # fmt: skip
def test_what_cannot_be_is_a_sentence(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        WhatIf(**wrong)


@pytest.mark.parametrize("wrong", [
    {"heads": ((Head("cross", 9, 0), "off"),)}, {"heads": ((Head("cross", 0, 99), "off"),)}, {"removed": (("encoder", 5),)},
], ids=str)  # fmt: skip
def test_a_head_or_layer_that_is_not_there_is_a_sentence(model: Transformer, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="This model has no"):
        apply(model, WhatIf(**wrong))


def test_two_sessions_never_see_each_others_change(model: Transformer) -> None:
    changes = [WhatIf(), WhatIf(positions=False), WhatIf(heads=((Head("cross", 0, 0), "off"),)), WhatIf(scaling=False)]
    expected, wrong = [logits(model, each) for each in changes], []

    def session(number: int) -> None:
        with torch.inference_mode():
            for _ in range(25):
                if not torch.equal(logits(model, changes[number]), expected[number]):
                    wrong.append(number)

    threads = [threading.Thread(target=session, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
