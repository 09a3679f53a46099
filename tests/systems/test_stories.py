"""Stories: the gold follows from the facts, a hop is its formula, weights are shares, and nothing looks at the padding."""

import random

import numpy as np
import pytest
import torch

from systems import class_of, records, shelf
from systems.stories import exam
from systems.stories.corpus import LINES, Story, line, load, story
from systems.stories.memory import MOST, MemoryNetwork, MemorySizes, aged, places
from systems.stories.world import QUESTIONS, Known, asked, fact, known, words
from tests.systems import by_hand
from transformer.checkpoint import SHIPPED
from transformer.trace import tensors

SIZES = {"adjacent": MemorySizes(d_model=7), "layer-wise": MemorySizes(d_model=7, sharing="layer-wise")}


def told(text: str, question: str) -> Known | None:
    """What is known after a story."""
    facts = [fact(each) for each in text.split(".") if each.strip()]
    assert None not in facts
    understood = asked(question)
    assert understood
    return known(facts, understood)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def examples() -> list[Story]:
    """Some of every kind."""
    chance = random.Random(3)
    return [story(chance, kind) for kind in (*QUESTIONS, *QUESTIONS)]


@pytest.fixture(params=list(SIZES))
def network(request: pytest.FixtureRequest, examples: list[Story]) -> MemoryNetwork:
    """With random weights."""
    torch.manual_seed(5)
    sizes = SIZES[request.param]
    return MemoryNetwork(sizes, MemoryNetwork.words_of(examples, sizes)).eval()


@pytest.mark.parametrize(("text", "question", "answer", "gold"), [
    ("Anna went to the hall. Anna is tired. Anna ran to the attic.", "Where is Anna?", "attic", (2,)),
    ("Anna went to the hall. Anna took the key. Anna ran to the attic.", "Where is the key?", "attic", (1, 2)),
    ("Anna went to the hall. Anna took the key. Anna dropped the key. Anna ran to the attic.", "Where is the key?", "hall", (2, 0)),
    ("Ben ran to the hall. Anna went to the hall. Anna took the key. Anna gave the key to Ben.", "Where is the key?", "hall", (3, 0)),
    ("Anna took the key. Anna gave the key to Ben.", "Who has the key?", "ben", (1,)),
    ("Anna took the key. Anna left the key.", "Who has the key?", "nobody", (1,)),
    ("Anna ran to the hall. Ben ran to the attic. Anna ran to the attic.", "Where was Anna before the attic?", "hall", (2, 0)),
    ("Anna ran to the hall. Ben ran to the cellar. Anna ran to the attic.", "Where did Anna go after the hall?", "attic", (0, 2)),
    ("Anna ran to the hall. Anna took the key. Anna is tired. Anna ran to the attic.", "Where was the key before the attic?", "hall", (1, 3, 0)),
])  # fmt: skip
def test_what_a_reader_knows_is_what_the_world_says(
    text: str, question: str, answer: str, gold: tuple[int, ...]
) -> None:
    assert told(text, question) == Known(answer, gold)


@pytest.mark.parametrize(
    "question", ["Where is Anna?", "Who has the ball?", "Where was Ben before the attic?", "Where is the ball?"]
)
def test_what_the_story_does_not_say_is_not_known(question: str) -> None:
    assert told("Ben ran to the attic. Ben took the key.", question) is None


def test_each_story_says_what_its_example_says(examples: list[Story]) -> None:
    for each in examples:
        assert told(". ".join(each.lines), each.question) == Known(each.answer, each.gold)
        assert len(each.gold) == QUESTIONS[each.kind][1]
        assert LINES[0] <= len(each.lines) <= LINES[1]


def test_the_answer_changes_or_is_lost_without_a_gold_fact_unless_another_fact_says_the_same(
    examples: list[Story],
) -> None:
    """The last gold fact is the one that names the place."""
    for each in examples:
        assert each.answer in (*words(each.lines[each.gold[-1]]), "nobody")


def test_the_corpus_is_the_same_each_time_and_no_story_is_in_two_splits() -> None:
    found = load()
    assert line(found.examples[0]) == line(story_again())
    split = {}
    for each, its in zip(found.examples, found.splits, strict=True):
        assert split.setdefault(each.lines, its) == its
    assert all(count > 1000 for count in found.counts.values())


def story_again() -> Story:
    """The first example, made once more."""
    from systems.stories.corpus import COUNT, SEED, WISHES

    chance = random.Random(SEED)
    kinds = chance.choices([*WISHES], [*WISHES.values()], k=COUNT)
    return story(chance, kinds[0])


def test_a_hop_by_hand(network: MemoryNetwork, examples: list[Story]) -> None:
    """All of it in NumPy: position encoding, age, scores, softmax, mixture, what is carried on, and the answer."""
    each = examples[2]
    read = network.read([[words(said) for said in each.lines]], [words(each.question)])
    trace = network(read.story, read.ages, read.question)
    weights, carried, logits = by_hand.memory(network, each.lines, each.question)
    for hop, expected in zip(trace.hops, weights, strict=True):
        np.testing.assert_allclose(hop.weights[0].detach().numpy(), expected, atol=1e-6)
    np.testing.assert_allclose(trace.hops[-1].carried[0].detach().numpy(), carried, atol=1e-5)
    np.testing.assert_allclose(trace.logits[0].detach().numpy(), logits, atol=1e-5)


def test_axes_weights_and_padding(network: MemoryNetwork, examples: list[Story]) -> None:
    batch = network.batch(examples, random.Random(1))
    trace = network(batch.story, batch.ages, batch.question)
    sizes = {"batch": len(examples), "sentence": batch.story.size(1), "d_model": 7, "vocabulary": len(network.words)}
    for path, tensor, names in tensors(trace):
        assert tuple(tensor.shape) == tuple(sizes[name] for name in names.split()), path
        assert tensor.isfinite().all()
    for hop in trace.hops:
        assert torch.allclose(hop.weights.sum(-1), torch.tensor(1.0))
        assert (hop.weights.masked_select(~hop.mask) == 0).all()
    read = [[words(said) for said in each.lines] for each in examples], [words(each.question) for each in examples]
    together = network.read(*read)
    for row in (0, 3):
        one = network.read(read[0][row : row + 1], read[1][row : row + 1])
        alone, beside = (network(each.story, each.ages, each.question).logits for each in (one, together))
        assert torch.allclose(alone[0], beside[row], atol=1e-5)


def test_without_time_a_story_can_be_told_in_any_order(examples: list[Story]) -> None:
    """And with it, it cannot: temporal encoding is all that the network knows of the order of the sentences."""
    sizes = {time: MemorySizes(d_model=7, time=time) for time in (True, False)}
    for time, its in sizes.items():
        torch.manual_seed(2)
        network = MemoryNetwork(its, MemoryNetwork.words_of(examples, its))
        story = [words(said) for said in examples[2].lines]
        asks = words(examples[2].question)
        one, other = (network.read([each], [asks]) for each in (story, story[::-1]))
        same = torch.allclose(
            *(network(each.story, each.ages, each.question).logits for each in (one, other)), atol=1e-5
        )
        assert same is not time


def test_position_encoding_tells_giver_from_taker() -> None:
    ids = torch.tensor([[1, 2, 3, 0]])
    found = places(ids, 5)
    assert (found[0, 3] == 0).all()
    assert found[0, 2].tolist() == pytest.approx([k / 5 for k in range(1, 6)])
    assert not torch.equal(found[0, 0], found[0, 1])


def test_ages_only_ever_grow_and_stay_in_the_memory() -> None:
    assert aged(5, random.Random(0), 0.0) == [4, 3, 2, 1, 0]
    noisy = aged(MOST, random.Random(0), 0.5)
    assert noisy == sorted(noisy, reverse=True)
    assert max(noisy) == MOST - 1


def test_the_memory_forgets_the_oldest(network: MemoryNetwork) -> None:
    story = [words("Anna went to the hall")] * (MOST + 5)
    assert network.read([story], [words("Where is Anna")]).story.size(1) == MOST


def test_an_untrained_network_learns(examples: list[Story]) -> None:
    torch.manual_seed(0)
    sizes = MemorySizes(d_model=16)
    network = MemoryNetwork(sizes, MemoryNetwork.words_of(examples, sizes))
    optimizer, batch = torch.optim.Adam(network.parameters(), lr=0.02), network.batch(examples, random.Random(0))
    before = network.loss(batch).item()
    for _step in range(60):
        optimizer.zero_grad()
        network.loss(batch).backward()
        optimizer.step()
    assert network.loss(batch).item() < 0.3 * before
    figures = network.measure(examples)
    assert next(iter(figures)) == "accuracy"
    assert 0 <= figures["baseline"] <= 100


def test_sizes_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="adjacent or layer-wise"):
        MemorySizes(sharing="none")
    with pytest.raises(ValueError, match="at least 1"):
        MemorySizes(hops=0)
    assert class_of("memory") is MemoryNetwork


def test_the_record_is_of_the_shipped_weights() -> None:
    """And they are as good as the page says: with two facts three hops are nearly always right, one hop is not."""
    shipped = {name: folder for name, folder in shelf.of_kinds(exam.KINDS).items() if SHIPPED in folder.parents}
    known = exam.read()
    assert {records.weights_of(folder) for folder in shipped.values()} == known.keys()
    two = {shelf.kind_at(folder): exam.facts(known[records.weights_of(folder)], 2) or 0 for folder in shipped.values()}
    assert two["memory"] > 0.9
    assert two["memory-one"] < two["memory"] - 0.2
    assert two["memory-timeless"] < two["memory"] - 0.1
