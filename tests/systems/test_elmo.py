"""ELMo: its LSTMs are torch's, it cannot see what it guesses, and its vectors depend on the sentence where the row does not."""

import random

import torch
from torch import nn

from systems.vectors.elmo import ENDS, STARTS, Elmo, ElmoSizes, Sentences, turned
from transformer.trace import tensors

TEXT = ["Turn on the light, please.", "The box is light.", "I see it."]
SIZES = ElmoSizes(vocabulary=30, d_model=7, layers=2)


def made() -> Elmo:
    """A small one with random weights."""
    torch.manual_seed(1)
    return Elmo(SIZES, Elmo.words_of(TEXT, SIZES)).eval()


def test_each_direction_is_torchs_own_lstm_with_the_same_weights() -> None:
    model = made()
    batch = model.batch(TEXT, random.Random(0))
    trace = model(batch)
    inputs = {"forwards": trace.embedded, "backwards": turned(trace.embedded, batch.ids > 0)}
    for name, cells in (("forwards", model.forwards), ("backwards", model.backwards)):
        theirs = nn.LSTM(7, 7, num_layers=2, batch_first=True)
        for layer, cell in enumerate(cells):
            for kind, weight in zip(("weight_ih", "weight_hh", "bias_ih", "bias_hh"), cell.weights(), strict=True):
                getattr(theirs, f"{kind}_l{layer}").data.copy_(weight)
        expected, _ = theirs(inputs[name])
        found = getattr(trace, name)
        assert torch.allclose(found.layers[-1].states, expected, atol=1e-6)
        assert torch.allclose(model.states(cells, inputs[name]), expected, atol=1e-6), (
            "what is trained is what is shown"
        )


def test_the_loss_is_the_mean_of_both_models_surprise() -> None:
    model = made()
    ids = torch.tensor([model.read(TEXT[1])])
    trace = model(Sentences(ids))
    line = ids[0].tolist()
    ahead = [-trace.forwards.logits[0, n].log_softmax(-1)[line[n + 1]].item() for n in range(len(line) - 1)]
    back = [-trace.backwards.logits[0, n].log_softmax(-1)[line[-2 - n]].item() for n in range(len(line) - 1)]
    expected = (sum(ahead) / len(ahead) + sum(back) / len(back)) / 2
    assert abs(model.loss(Sentences(ids)).item() - expected) < 1e-5


def test_neither_model_sees_the_word_that_it_guesses() -> None:
    model = made()
    ids = torch.tensor([model.read(TEXT[1])])
    other = ids.clone()
    other[0, 3] = model.places["see"]
    one, two = model(Sentences(ids)), model(Sentences(other))
    assert torch.equal(one.forwards.logits[0, :3], two.forwards.logits[0, :3]), "all that comes before place 3"
    behind = ids.size(1) - 1 - 3
    assert torch.equal(one.backwards.logits[0, :behind], two.backwards.logits[0, :behind]), "all that comes after it"
    assert not torch.equal(one.forwards.logits[0, 3], two.forwards.logits[0, 3])


def test_padding_changes_nothing_and_axes_are_what_they_say() -> None:
    model = made()
    together = model(model.batch(TEXT, random.Random(0)))
    batch, longest = together.ids.shape
    for row, sentence in enumerate(TEXT):
        ids = torch.tensor([model.read(sentence)])
        assert ids[0, [0, -1]].tolist() == [STARTS, ENDS]
        alone = model(Sentences(ids))
        assert torch.allclose(together.vectors[row, :, : ids.size(1)], alone.vectors[0], atol=1e-6)
    sizes = {"batch": batch, "position": longest, "d_model": 7, "d_input": 7, "d_state": 7, "layer": 3, "d_both": 14}
    for path, tensor, names in tensors(together):
        expected = {**sizes, "vocabulary": len(model.words)}
        assert tuple(tensor.shape) == tuple(expected[name] for name in names.split()), path
        assert tensor.isfinite().all()


def test_a_word_has_one_row_and_as_many_vectors_as_sentences() -> None:
    model = made()
    trace, light = model(model.batch(TEXT, random.Random(0))), model.places["light"]
    first, second = ((trace.ids[row] == light).nonzero().item() for row in (0, 1))
    one, two = trace.vectors[0, :, int(first)], trace.vectors[1, :, int(second)]
    assert torch.equal(one[0], two[0])
    assert not torch.allclose(one[1], two[1])


def test_it_is_measured_on_both_neighbours() -> None:
    figures = made().measure(TEXT)
    assert 0 <= figures["right"] <= 100
    assert figures["baseline"] > 0
