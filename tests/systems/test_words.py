"""Words as vectors: each loss by hand in NumPy, the counting of GloVe, the parts of fastText, and the same neighbours as gensim's."""

import random
from collections import Counter

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from systems import sentences
from systems.system import System
from systems.vectors import analogies, recorded, space
from systems.vectors.fasttext import FastText, SubwordSizes, hashed, n_grams
from systems.vectors.glove import Glove, GloveSizes, co_occurrences
from systems.vectors.windows import WordSizes, WordVectors, flat, neighbours, thinned
from systems.vectors.word2vec import Cbow, SkipGram
from transformer.trace import tensors

TEXT = ["The cat sees the dog.", "The dog didn't see it!", "A cat and a dog see the light.", "It's the light, the cat."]
SMALL = {"vocabulary": 12, "dimensions": 5, "window": 2}
KINDS: dict[str, tuple[type[WordVectors], WordSizes]] = {
    "skip-gram": (SkipGram, WordSizes(**SMALL, keep=1.0)),
    "cbow": (Cbow, WordSizes(**SMALL, keep=1.0)),
    "glove": (Glove, GloveSizes(**SMALL)),
    "fasttext": (FastText, SubwordSizes(**SMALL, keep=1.0, buckets=40)),
}


def made(kind: str) -> WordVectors:
    """A small model with random weights that has counted `TEXT`."""
    of, sizes = KINDS[kind]
    torch.manual_seed(1)
    model: WordVectors = of(sizes, of.words_of(TEXT, sizes))
    model.prepare(TEXT)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_()
    return model


def double(tensor: torch.Tensor) -> NDArray[np.float64]:
    """In double precision."""
    return tensor.detach().double().numpy()


def sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 / (1 + e^-x)."""
    return np.asarray(1 / (1 + np.exp(-x)))


def test_words_are_small_and_keep_their_apostrophes() -> None:
    assert sentences.words("It\u2019s o'clock; they DIDN'T see 12 dogs!") == [
        "it's", "o'clock", "they", "didn't", "see", "12", "dogs",
    ]  # fmt: skip
    assert sentences.words_and_signs("Hi, <b>")[1:] == [",", "<", "b", ">"]
    assert sentences.words("") == [] == sentences.words("?!")


def test_the_vocabulary_is_that_of_the_most_frequent_words() -> None:
    words = sentences.most_frequent(map(sentences.words, TEXT), 6)
    assert words == ("<pad>", "<unk>", "the", "cat", "dog", "a")
    model = made("skip-gram")
    assert model.read("The unheard dog.") == [model.places["the"], model.places["dog"]]
    counts = Counter(word for sentence in TEXT for word in sentences.words(sentence))
    assert [round(float(each)) for each in model.counts()[2:]] == [counts[word] for word in model.words[2:]]


def test_windows_stay_inside_their_sentence_and_their_reach() -> None:
    line, sentence_of = flat([[2, 3, 4, 5], [6, 7]])
    middle, there = neighbours(sentence_of, torch.tensor([1, 2, 1, 1, 2, 1]), 2)
    found = {*zip(middle.tolist(), there.tolist(), strict=True)}
    assert found == {(0, 1), (1, 0), (1, 2), (1, 3), (2, 1), (2, 3), (3, 2), (4, 5), (5, 4)}
    assert len(line) == 6


def test_frequent_words_are_left_out_as_often_as_the_formula_says() -> None:
    line = torch.tensor([2] * 4000 + [3] * 4000)
    kept = thinned(line, torch.tensor([0, 0, 0.04, 0.001]), 0.01, torch.Generator().manual_seed(0))
    assert float(kept[:4000].float().mean()) == pytest.approx(0.5, abs=0.03), "sqrt(0.01 / 0.04)"
    assert kept[4000:].all()


@pytest.mark.parametrize("kind", ["skip-gram", "cbow", "fasttext"])
def test_negative_sampling_is_its_formula(kind: str) -> None:
    model = made(kind)
    batch = model.batch(TEXT, random.Random(0))
    v, u = double(model.inputs()), double(model.outputs())
    losses = []
    for row in range(len(batch.centres)):
        if kind == "cbow":
            near = [int(id) for id in batch.contexts[row] if id]
            read, true = v[near].mean(0), int(batch.centres[row])
        else:
            read, true = v[int(batch.centres[row])], int(batch.contexts[row])
        drawn = sum(-np.log(sigmoid(-(u[int(id)] @ read))) for id in batch.noise[row])
        losses.append(-np.log(sigmoid(u[true] @ read)) + drawn)
    assert model.loss(batch).item() == pytest.approx(np.mean(losses), rel=1e-5)
    trace = model(batch)
    for path, tensor, names in tensors(trace):
        sizes = {"pair": len(batch.centres), "choice": 6, "dimension": 5}
        assert tuple(tensor.shape) == tuple(sizes[name] for name in names.split()), path
    assert torch.allclose(trace.losses[:, 0], -trace.chances[:, 0].log(), atol=1e-5)


def test_the_gradient_of_negative_sampling_pulls_the_true_pair_together() -> None:
    """d loss / d v = sum over the choices of (chance - truth) u: by hand for one pair."""
    model = made("skip-gram")
    batch = model.batch(TEXT[:1], random.Random(0))
    one = type(batch)(*(each[:1] for each in batch))
    model.loss(one).backward()
    assert isinstance(model, SkipGram)
    v, u = double(model.v)[int(one.centres)], double(model.u)
    chosen = [int(one.contexts), *one.noise[0].tolist()]
    expected = sum((sigmoid(u[id] @ v) - (n == 0)) * u[id] for n, id in enumerate(chosen))
    assert model.v.grad is not None
    assert np.allclose(double(model.v.grad)[int(one.centres)], expected, atol=1e-5)


def test_noise_is_drawn_by_flattened_counts() -> None:
    model = made("skip-gram")
    assert isinstance(model, SkipGram)
    drawn = model.noise(8000, torch.Generator().manual_seed(0)).flatten().bincount(minlength=len(model.words))
    expected = double(model.counts()) ** 0.75
    assert np.allclose(double(drawn) / 40000, expected / expected.sum(), atol=0.01)
    assert drawn[:2].sum() == 0, "neither padding nor the unknown word"


def test_what_is_not_counted_is_told() -> None:
    of, sizes = KINDS["skip-gram"]
    with pytest.raises(ValueError, match="prepare"):
        of(sizes, of.words_of(TEXT, sizes)).batch(TEXT, random.Random(0))
    with pytest.raises(ValueError, match="prepare"):
        Glove(GloveSizes(), ("<pad>", "<unk>", "a")).batch(TEXT, random.Random(0))


def test_co_occurrences_are_counted_by_their_distance() -> None:
    table = co_occurrences([[2, 3, 2], [3, 2]], 2, 4)
    found = {(int(i), int(j)): float(x) for i, j, x in zip(*table, strict=True)}
    assert found == {(2, 3): 3.0, (3, 2): 3.0, (2, 2): 1.0}, (
        "2 next to 3 three times; 2 and 2 at distance 2, seen from both"
    )


def test_glove_is_weighted_least_squares() -> None:
    model = made("glove")
    assert isinstance(model, Glove)
    batch = model.batch(TEXT, random.Random(0))
    w, u, b, c = (double(each) for each in (model.w, model.u, model.b, model.c))
    found = []
    for i, j, x in zip(*(each.tolist() for each in batch), strict=True):
        weight = min(1.0, (x / 20) ** 0.75)
        found.append(weight * (w[i] @ u[j] + b[i] + c[j] - np.log(x)) ** 2)
    assert model.loss(batch).item() == pytest.approx(np.mean(found), rel=1e-5)


def test_a_word_of_fasttext_is_the_sum_of_its_parts() -> None:
    model = made("fasttext")
    assert isinstance(model, FastText)
    assert n_grams("where", 3, 4) == ["<wh", "whe", "her", "ere", "re>", "<whe", "wher", "here", "ere>"]
    assert "<a>" not in n_grams("a", 3, 6)
    assert hashed("a") == 0xE40C292C, "FNV-1a, the published value"
    for word in ("cat", "didn't"):
        place = model.places[word]
        expected = double(model.v)[place] + sum(double(model.z)[hashed(gram) % 40] for gram in n_grams(word, 3, 6))
        assert np.allclose(double(model.inputs())[place], expected, atol=1e-5)
        assert np.allclose(double(model.made(word).output), expected, atol=1e-5)
    stranger = model.made("catdog")
    assert len(stranger.rows) == len(n_grams("catdog", 3, 6)), "a word that is not known is its n-grams alone"
    with pytest.raises(ValueError, match="too short"):
        model.made("")


@pytest.mark.parametrize("kind", [*KINDS])
def test_a_copy_measures_the_same_and_an_untrained_one_guesses(kind: str) -> None:
    model: System = made(kind)
    assert model.copied().measure(TEXT * 3) == model.measure(TEXT * 3)
    assert model.measure([""]) == {"told apart": 0.0, "baseline": 50.0}
    first, second = (model.batch(TEXT, random.Random(5)) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True)), "the same lots, the same batch"


def test_cosines_analogies_and_maps_by_hand() -> None:
    rows = torch.tensor(np.random.default_rng(0).normal(size=(9, 4)))
    plain = rows.numpy()
    lengths = np.linalg.norm(plain, axis=1)
    assert np.allclose(space.cosines(rows[2], rows), plain @ plain[2] / lengths / lengths[2])
    best = space.nearest(rows[2], rows, 3, (2,))
    assert [place for place, _ in best] == [*np.argsort(-(plain @ plain[2] / lengths))[1:4]]
    trace = space.analogy(rows[0], rows[1], rows[2], rows)
    unit = plain / lengths[:, None]
    assert np.allclose(trace.target, unit[1] - unit[0] + unit[2])
    found = space.flat_map(rows)
    values = np.sort(np.linalg.eigvalsh(np.cov(plain.T)))[::-1]
    assert np.allclose(found.shares, values[:2] / values.sum())
    assert np.allclose(found.places, (plain - plain.mean(0)) @ found.directions.numpy().T)


def test_every_analogy_has_four_words_of_one_family() -> None:
    known = {word: 0 for family in analogies.FAMILIES for pair in analogies.pairs(family) for word in pair}
    found = [*analogies.questions(known)]
    assert ("women", ("he", "she", "man", "woman")) in found
    assert len(found) == len({*found}) > 500


def made_up(count: int) -> list[list[str]]:
    """Sentences in which words of four themes stand only beside their own theme's."""
    chance, themes = (
        random.Random(0),
        [[f"{theme}{n}" for n in range(5)] for theme in ("food", "beast", "tool", "town")],
    )
    return [chance.choices(chance.choice(themes), k=6) for _ in range(count)]


@pytest.mark.parametrize("kind", ["skip-gram", "fasttext"])
def test_neighbours_are_those_of_gensim(kind: str) -> None:
    """Both are trained on the same small text; of each word's four nearest most must be the same."""
    models = pytest.importorskip("gensim.models", reason="a requirement of development")
    text = made_up(400)
    options = {
        "vector_size": 10,
        "window": 3,
        "min_count": 1,
        "negative": 5,
        "epochs": 12,
        "seed": 1,
        "workers": 1,
        "sample": 0,
    }
    theirs = (
        models.Word2Vec(text, sg=1, **options)
        if kind == "skip-gram"
        else models.FastText(text, sg=1, bucket=200, **options)
    )
    lines = [" ".join(line) for line in text]
    lines = [line.translate(str.maketrans("01234", "abcde")) for line in lines]  # a number is a word of its own here
    of, sizes = (SkipGram, WordSizes(dimensions=10, window=3, keep=1.0)) if kind == "skip-gram" else (
        FastText, SubwordSizes(dimensions=10, window=3, keep=1.0, buckets=200),
    )  # fmt: skip
    torch.manual_seed(1)
    ours = of(sizes, of.words_of(lines, sizes))
    ours.prepare(lines)
    adam, chance = torch.optim.Adam(ours.parameters(), lr=0.03), random.Random(1)
    for _ in range(30):
        adam.zero_grad()
        ours.loss(ours.batch(chance.sample(lines, 100), chance)).backward()
        adam.step()
    rows, shared = ours.inputs().detach(), []
    for place, word in enumerate(ours.words[2:], 2):
        mine = {ours.words[near] for near, _ in space.nearest(rows[place], rows, 4, (0, 1, place))}
        original = word[:-1] + str("abcde".index(word[-1]))
        other = {near[:-1] + "abcde"[int(near[-1])] for near, _ in theirs.wv.most_similar(original, topn=4)}
        shared.append(len(mine & other))
        assert {each[:-1] for each in mine} == {word[:-1]}, "words of its own theme"
    assert np.mean(shared) >= 3.5


def test_what_the_noise_is_for_is_on_record() -> None:
    """Without noise nothing stops all rows from becoming one; here the same is seen in a few steps."""
    record = recorded.of_noise()
    assert record is not None
    assert record.without.alike > 0.9 > record.with_noise.alike
    alike = {}
    for negatives in (0, 5):
        sizes = WordSizes(vocabulary=12, dimensions=5, window=2, keep=1.0, negatives=negatives)
        torch.manual_seed(1)
        model = SkipGram(sizes, SkipGram.words_of(TEXT, sizes))
        model.prepare(TEXT)
        adam, chance = torch.optim.Adam(model.parameters(), lr=0.05), random.Random(0)
        for _ in range(60):
            adam.zero_grad()
            model.loss(model.batch(TEXT, chance)).backward()
            adam.step()
        unit = space.unit(model.inputs().detach()[2:])
        alike[negatives] = float((unit @ unit.T).mean())
    assert alike[0] > 0.9 > alike[5]
