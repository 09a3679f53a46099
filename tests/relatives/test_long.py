"""Long sentences: the record is what the shipped models do, the intervals are right, and the pulls are slopes."""

import json
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from relatives.long import exam, measuring, record, way_back
from relatives.long.exam import Estimate
from relatives.long.record import RecordError
from relatives.long.sentences import BINS, EACH, bin_of, compounds, natural, prolonging
from relatives.long.way_back import Case
from relatives.recurrent import OneState
from tests.relatives.conftest import BASE, untrained
from transformer import checkpoint
from transformer.checkpoint import SHIPPED
from transformer.corpora import Corpus, Pair
from transformer.corpora.corpus import split_of
from transformer.decoding.reading import source_rows
from transformer.model import Transformer
from transformer.training.evaluation import bleu_counts, bleu_of, scores
from transformer.translator import Translator

KNOWN = record.read()
CASE = Case(source=(5, 9, 17, 4, 30), target=(8, 21, 6, 11, 2), at=3)


def test_the_record_is_what_the_shipped_models_write() -> None:
    """A sentence of the corpus in each length, and one joined, in each model; and its pulls on one sentence."""
    folders = {
        record.weights_of(folder): folder for folder in checkpoint.available().values() if SHIPPED in folder.parents
    }
    assert {"gru", "lstm", "bahdanau", "luong-dot", "transformer"} <= {each.kind for each in KNOWN.models}
    places = [exam.of_bin(KNOWN.sentences, number)[0] for number in (0, 2, 4, 6)]
    for each in KNOWN.models:
        opened = checkpoint.load_any(folders[each.weights])
        wrote = exam.translations(opened.model, opened.tokenizer, [KNOWN.sentences[place].source for place in places])
        assert wrote == [each.written[place] for place in places]
        assert measuring.facts(opened, folders[each.weights])["parameters"] == each.parameters
        assert {len(opened.tokenizer.encode(KNOWN.sentences[place].source)) for place in places} == {
            KNOWN.sentences[place].pieces for place in places
        }


def test_the_points_are_those_of_what_was_written() -> None:
    each = KNOWN.models[0]
    for found, known in zip(exam.points(KNOWN.sentences, each.written), each.points, strict=True):
        assert (found.bin, found.count, found.right) == (known.bin, known.count, known.right)
        for one, other in ((found.exact, known.exact), (found.bleu, known.bleu)):
            assert [one.value, one.low, one.high] == pytest.approx([other.value, other.low, other.high], rel=1e-5)
            assert one.low <= one.value <= one.high


def test_a_recorded_mean_is_that_of_fresh_pulls() -> None:
    each = next(one for one in KNOWN.models if one.kind == "gru")
    folder = next(folder for folder in checkpoint.available().values() if record.weights_of(folder) == each.weights)
    opened = checkpoint.load_any(folder)
    ways = [
        measuring.way(opened.model, measuring.case(opened, sentence))
        for sentence in measuring.cases(KNOWN.sentences, KNOWN.longest)
    ]
    for found, known in zip(way_back.by_distance(ways), each.trained, strict=True):
        assert (found.steps, found.count) == (known.steps, known.count)
        assert found.pull.value == pytest.approx(known.pull.value, rel=1e-3)


def test_the_exam_has_as_many_long_sentences_in_each_bin_and_none_twice() -> None:
    joined = [each for each in KNOWN.sentences if each.clauses > 1]
    for number, (low, _high) in enumerate(BINS):
        if low > KNOWN.longest:
            assert sum(bin_of(each.pieces) == number for each in joined) == EACH
    for count in (2, 3):
        assert sum(each.clauses == count and each.pieces <= KNOWN.longest for each in joined) == EACH
    assert len({each.source for each in joined}) > 0.95 * len(joined)


def test_a_compound_is_its_clauses_and_its_french_theirs() -> None:
    for pair, count in islice(compounds(), 18):
        assert pair.source.count(" and ") == pair.target.count(" et ") == count - 1
        assert "they" not in pair.source.lower().split()
        assert count > 2 or split_of(pair.source) == "test"
    assert prolonging() == KNOWN.clauses == prolonging()


def test_people_s_sentences_are_held_out_ones_with_all_their_translations() -> None:
    pairs = tuple(
        Pair(f"I see {number} dogs.", f"Je vois {number} chiens{end}") for number in range(400) for end in (".", " !")
    )
    corpus = Corpus(name="x", title="", licence="", attribution="", pairs=pairs)
    opened = checkpoint.load_any("grammar-en-fr")
    longest, found = natural(opened.tokenizer, corpus, 100)
    assert {each.source for each in found} == {pair.source for pair in corpus.split("test")}
    assert longest == max(len(opened.tokenizer.encode(pair.source)) for pair in corpus.split("train"))
    assert natural(opened.tokenizer, corpus, 5)[0] == 5
    assert exam.is_right(found[0], found[0].target)
    assert exam.is_right(found[0], found[0].target.replace(".", " !"))
    assert not exam.is_right(found[0], found[0].source)


def test_bleu_of_the_counts_is_the_bleu_of_the_sentences() -> None:
    written, expected = (
        ["Le chat dort ici.", "Je vois le chien noir."],
        ["Le chat noir dort ici.", "Je vois le chien noir."],
    )
    counts = np.array([bleu_counts(*each) for each in zip(written, expected, strict=True)])
    assert bleu_of(counts.sum(0)) == pytest.approx(scores(written, [[each] for each in expected]).bleu)


def test_an_interval_holds_its_value_and_is_the_same_each_time() -> None:
    rows = np.array([[1.0]] * 30 + [[0.0]] * 10)

    def share(sums: exam.Numbers) -> float:
        return float(sums[0]) / 40

    found = exam.estimate(rows, share)
    assert found == exam.estimate(rows, share)
    theory = 1.645 * (0.75 * 0.25 / 40) ** 0.5
    assert found.value == 0.75
    assert [found.low, found.high] == pytest.approx([0.75 - theory, 0.75 + theory], abs=0.03)
    assert exam.estimate(np.ones((1, 1)), share) == Estimate(value=1 / 40, low=1 / 40, high=1 / 40)


def double(kind: str) -> Translator:
    """A tiny model in double precision."""
    if kind == "transformer":
        torch.manual_seed(5)
        made: Translator = Transformer(BASE).eval().requires_grad_(False)
        return made.double()
    return untrained(kind).double()


@pytest.mark.parametrize("kind", ["tanh", "gru", "lstm", "bahdanau", "luong-dot", "transformer"])
def test_a_pull_is_the_length_of_a_slope(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By central differences in the embedding of one piece."""
    model = double(kind)
    found = way_back.pulls(model, CASE)
    source, target, step = source_rows(model, [CASE.source]), torch.tensor([[1, *CASE.target[: CASE.at]]]), 1e-5
    nudge = torch.zeros(1, source.size(1), BASE.d_model, dtype=torch.float64)
    embeds = model.embedding if kind == "transformer" else model
    name = "forward" if kind == "transformer" else "embed"
    usual = getattr(embeds, name)

    def nudged(ids: Tensor, *more: Tensor, **named: int) -> object:
        made = usual(ids, *more, **named)
        if ids.shape != source.shape or not ids.equal(source):
            return made
        return (
            type(made)(**{each: getattr(made, each) for each in made.__slots__} | {"output": made.output + nudge})
            if kind == "transformer"
            else made + nudge
        )

    monkeypatch.setattr(embeds, name, nudged)
    for place in (0, 2, len(CASE.source)):
        slopes = []
        for column in range(BASE.d_model):
            losses = []
            for sign in (step, -step):
                nudge.zero_()[0, place, column] = sign
                losses.append(-model(source, target).logits[0, CASE.at].log_softmax(-1)[CASE.target[CASE.at]])
            slopes.append(float(losses[0] - losses[1]) / (2 * step))
        assert float(found[place]) == pytest.approx(float(np.linalg.norm(slopes)), rel=1e-5)


@pytest.mark.parametrize("kind", ["tanh", "gru", "lstm"])
def test_the_chain_ends_in_the_pulls_and_each_link_is_a_slope(kind: str) -> None:
    """The gradient at a state, by central differences in what is carried on from there."""
    model = double(kind)
    assert isinstance(model, OneState)
    found, step = way_back.chain(model, CASE), 1e-5
    source = model.embed(source_rows(model, [CASE.source]))
    target = model.embed(torch.tensor([[1, *CASE.target[: CASE.at]]]))
    reads = [(model.encoder, each) for each in model.encoder.read(source).unbind(1)]
    reads += [(model.decoder, each) for each in model.decoder.read(target).unbind(1)]
    assert len(found) == len(reads) == way_back.steps_between(len(CASE.source) + 1, CASE.at)[0] + 1

    def loss(carried: tuple[Tensor, ...], after: int) -> float:
        for cell, read in reads[after + 1 :]:
            carried = cell.carried(cell.step(read, carried))
        return float(-model.logits(model.W_o(carried[0]))[0].log_softmax(-1)[CASE.target[CASE.at]])

    carried = model.encoder.nothing(model.matrix, 1)
    for at, (cell, read) in enumerate(reads):
        carried = cell.carried(cell.step(read, carried))
        if at in (0, 4, len(reads) - 1):
            slopes = [
                slope(lambda moved, at=at: loss(moved, at), carried, part, column, step)
                for part in range(len(carried))
                for column in range(BASE.d_model)
            ]  # type: ignore[misc]
            assert float(found[at]) == pytest.approx(float(np.linalg.norm(slopes)), rel=1e-5)


def slope(
    loss: Callable[[tuple[Tensor, ...]], float], carried: tuple[Tensor, ...], part: int, column: int, step: float
) -> float:
    """Of a loss in one number of what is carried."""
    ends = []
    for sign in (step, -step):
        moved = [each.clone() for each in carried]
        moved[part][0, column] += sign
        ends.append(loss(tuple(moved)))
    return (ends[0] - ends[1]) / (2 * step)


def test_measuring_leaves_the_model_as_it_was() -> None:
    model = untrained("gru")
    before = {name: each.clone() for name, each in model.state_dict().items()}
    way_back.pulls(model, CASE)
    assert not any(each.requires_grad for each in model.parameters())
    assert all(each.equal(before[name]) for name, each in model.state_dict().items())


@pytest.mark.parametrize("harm", ["", "{", '{"models": 3}', "nan", "short"])
def test_a_damaged_record_is_refused_with_a_sentence(harm: str, tmp_path: Path) -> None:
    told = json.loads(record.FILE.read_text("utf-8"))
    if harm == "nan":
        told["models"][0]["points"][0]["exact"]["low"] = float("nan")
    elif harm == "short":
        told["models"][0]["written"].pop()
    (tmp_path / "lengths.json").write_text(json.dumps(told) if harm in ("nan", "short") else harm, "utf-8")
    with pytest.raises(RecordError, match=r"lengths.json is missing or damaged. `python -m relatives.long`"):
        record.read(tmp_path / "lengths.json")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    record.write(KNOWN, tmp_path / "record.json")
    assert record.read(tmp_path / "record.json") == KNOWN
