"""BERT's idea: what is masked how often, who sees what, and that the encoder is the project's own."""

import random

import numpy as np
import pytest
import torch

from systems.masked import entities
from systems.masked.bert import Bert, BertSizes, masked
from systems.masked.causal import Causal
from systems.masked.entities import TAGS, spans
from systems.masked.reader import ENDS, FIRST, MASKS, STARTS, Guesser, ReaderSizes, blanks
from systems.masked.tagger import Tagger, TaggerSizes
from transformer.config import Config
from transformer.model import Transformer
from transformer.trace import tensors

TEXT = ["The animal didn't cross the street.", "It was too tired!", "The dog sees it."]
SMALL = {"vocabulary": 30, "d_model": 12, "heads": 3, "layers": 2, "d_ff": 10}


def made(kind: str) -> Guesser:
    """A small one with random weights."""
    torch.manual_seed(1)
    if kind == "bert":
        sizes = BertSizes(**SMALL)
        return Bert(sizes, Bert.words_of(TEXT, sizes)).eval()
    plain = ReaderSizes(**SMALL)
    return Causal(plain, Causal.words_of(TEXT, plain)).eval()


def ids_of(model: Guesser) -> torch.Tensor:
    """All sentences, padded."""
    return model.batch(TEXT, random.Random(0)).ids if isinstance(model, Causal) else torch.nn.utils.rnn.pad_sequence(
        [torch.tensor(model.read(each)) for each in TEXT], batch_first=True
    )  # fmt: skip


def test_fifteen_of_a_hundred_words_are_drawn_and_of_those_eighty_blanked() -> None:
    ids = torch.full((200, 200), 9)
    ids[:, 0], ids[:, -1], ids[:, 1] = STARTS, ENDS, 1
    found = masked(ids, BertSizes(), 1000, torch.Generator().manual_seed(0))
    drawn = found.expected > 0
    assert not drawn[:, [0, 1, -1]].any(), "neither the ends nor unknown words"
    assert float(drawn[:, 2:-1].float().mean()) == pytest.approx(0.15, abs=0.01)
    shares = [float(each[drawn].float().mean()) for each in (found.ids == MASKS, found.ids == 9)]
    assert shares == pytest.approx([0.8, 0.1], abs=0.02)
    assert torch.equal(found.ids[~drawn], ids[~drawn])
    others = found.ids[drawn & (found.ids != MASKS) & (found.ids != 9)]
    assert int(others.min()) >= FIRST
    assert len(others.unique()) > 100, "any word of the vocabulary"


def test_the_encoder_is_that_of_the_projects_transformer() -> None:
    """With the same weights, a sentence without words that the other holds to be padding has the same outputs."""
    model = made("bert")
    config = Config(
        vocabulary_size=len(model.words), d_model=12, heads=3, encoder_layers=2, decoder_layers=1, d_ff=10,
        start_id=STARTS, end_id=ENDS, dropout=0.0,
    )  # fmt: skip
    other = Transformer(config).eval()
    own = model.state_dict()
    weights = {name.replace("layers.", "encoder_layers.", 1): each for name, each in own.items() if name != "bias"}
    assert not other.load_state_dict(weights, strict=False).unexpected_keys
    ids = ids_of(model)
    assert torch.allclose(model(ids).encoder.output, other.encode(ids).output, atol=1e-6)


def test_a_logit_is_the_products_with_the_words_row_and_its_bias() -> None:
    model = made("bert")
    with torch.no_grad():
        model.bias.normal_()
    trace = model(ids_of(model))
    output, row = (each.detach().double().numpy() for each in (trace.encoder.output[1, 2], model.matrix[7]))
    assert trace.logits[1, 2, 7].item() == pytest.approx(float(output @ row) + model.bias[7].item(), abs=1e-5)


def test_the_causal_one_sees_nothing_behind_and_the_other_sees_all() -> None:
    for kind, changed in (("causal", False), ("bert", True)):
        model = made(kind)
        ids = torch.tensor([model.read(TEXT[0])])
        other = ids.clone()
        other[0, 6] = model.places["dog"]
        one, two = model(ids), model(other)
        same = torch.allclose(one.logits[0, :6], two.logits[0, :6], atol=1e-6)
        assert same is not changed, kind
        for layer in one.encoder.layers:
            attention = layer.self_attention
            assert torch.allclose(attention.weights.sum(-1), torch.tensor(1.0))
            assert (attention.weights.masked_select(~attention.mask.expand_as(attention.weights)) == 0).all()


@pytest.mark.parametrize("kind", ["bert", "causal"])
def test_neither_is_told_the_word_that_it_is_asked_for(kind: str) -> None:
    model = made(kind)
    ids, place = torch.tensor([model.read(TEXT[0])]), torch.tensor([3])
    other = ids.clone()
    other[0, 3] = model.places["dog"]
    found = []
    for line in (ids, other):
        asked, answers = model.blanked(line, place)
        found.append(model(asked).logits[0, int(answers)])
    assert torch.equal(*found)


@pytest.mark.parametrize("kind", ["bert", "causal"])
def test_the_loss_is_the_surprise_at_what_is_to_be_guessed(kind: str) -> None:
    model = made(kind)
    batch = model.batch(TEXT * 4, random.Random(0))
    logits = model(batch.ids).logits.detach().double().numpy()
    chances = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    asked = [(b, p, int(batch.expected[b, p])) for b, p in (batch.expected > 0).nonzero().tolist()]
    assert model.loss(batch).item() == pytest.approx(np.mean([-np.log(chances[each]) for each in asked]), abs=1e-4)


def test_padding_changes_nothing_and_axes_are_what_they_say() -> None:
    for kind in ("bert", "causal"):
        model = made(kind)
        ids = ids_of(model)
        trace = model(ids)
        for row, sentence in enumerate(TEXT):
            alone = torch.tensor([model.read(sentence)])
            assert torch.allclose(trace.logits[row, : alone.size(1)], model(alone).logits[0], atol=1e-5)
        sizes = {"batch": 3, "position": ids.size(1), "query": ids.size(1), "key": ids.size(1), "d_model": 12, "d_head": 4,
                 "head": 3, "d_ff": 10, "vocabulary": len(model.words), "1": 1}  # fmt: skip
        for path, tensor, names in tensors(trace):
            assert tuple(tensor.shape) == tuple(sizes[name] for name in names.split()), path
            assert tensor.isfinite().all()


def test_both_are_measured_on_the_same_blanks() -> None:
    one, two = made("bert"), made("causal")
    assert blanks(one, TEXT) == blanks(two, TEXT)
    figures = one.measure(TEXT)
    assert [*figures] == ["right", "baseline", "of words", "baseline of words"]
    assert one.measure([""])["right"] == 0


def test_the_entities_are_the_same_each_time_and_share_no_name() -> None:
    corpus = entities.load()
    entities.load.cache_clear()
    assert entities.load().sha256 == corpus.sha256
    assert corpus.counts == entities.COUNTS
    names = {split: {" ".join(each.words[a:b]) for each in corpus.split(split) for a, b, kind in spans(each.tags) if kind != "date"}
             for split in ("train", "test")}  # fmt: skip
    assert min(map(len, names.values())) > 20
    assert not names["train"] & names["test"]
    assert all(len(each.words) == len(each.tags) and {*each.tags} <= {*TAGS} for each in corpus.examples)
    assert not {each.text for each in corpus.split("train")} & {each.text for each in corpus.split("test")}


def test_tags_tell_names() -> None:
    tags = ["B-person", "I-person", "O", "B-place", "B-place", "I-date", "O", "I-date"]
    assert spans(tags) == {(0, 2, "person"), (3, 4, "place"), (4, 5, "place"), (5, 6, "date"), (7, 8, "date")}
    may = next(each for each in entities.load().examples if each.words[:2] == ("you", "may"))
    assert may.tags[1] == "O", "here may is no month"


def trained(frozen: bool, steps: int) -> tuple[Tagger, Tagger]:
    """A small tagger before and after some steps on forty sentences."""
    train = entities.load().split("train")[:40]
    sizes = TaggerSizes(**{**SMALL, "vocabulary": 200}, frozen=frozen, hidden=0.0, dropout=0.0)
    torch.manual_seed(1)
    model = Tagger(sizes, Tagger.words_of(train, sizes))
    before = model.copied()
    adam = torch.optim.Adam([each for each in model.parameters() if each.requires_grad], lr=0.01)
    for _ in range(steps):
        adam.zero_grad()
        model.loss(model.batch(train, random.Random(0))).backward()
        adam.step()
    return before.eval(), model.eval()


def test_a_tagger_learns() -> None:
    train = entities.load().split("train")[:40]
    before, after = trained(False, 60)
    assert after.measure(train)["F1"] > before.measure(train)["F1"] + 30
    trace = after(after.batch(train, random.Random(0)).ids)
    assert torch.allclose(trace.chances.sum(-1), torch.tensor(1.0))
    assert after.measure(train)["baseline"] == 0
    assert len(after.tags([])) == 0


def test_a_frozen_tagger_keeps_its_rows_and_its_first_layer() -> None:
    before, after = (dict(model.named_parameters()) for model in trained(True, 2))
    kept = {name for name, each in before.items() if torch.equal(each, after[name])}
    assert kept == {"matrix", *(name for name in before if name.startswith("layers.0."))}
