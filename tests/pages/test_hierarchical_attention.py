"""The page about words and sentences: weights, sums and leaving out are the network's, and whatever is typed gets a sentence."""

import json
import random
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
import torch
from streamlit.testing.v1 import AppTest

import transformer.checkpoint
from pages.hierarchical_attention import asking, looks, states, written
from pages.hierarchical_attention.typed import SENTENCES, WORDS, typed
from systems import KINDS, shelf
from systems.reviews import exam
from systems.reviews.corpus import Review, review, words
from systems.reviews.hierarchical import Hierarchical, HierarchicalSizes
from tests.apps import app, html, said, seen, sent, stands_at_every_depth, told, trouble
from tests.systems import by_hand

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE = "pages/480_hierarchical_attention.py"
TEXT = [words(each) for each in asking.BEGIN_DECIDES.sentences]


@pytest.fixture(scope="module")
def examples() -> list[Review]:
    """Enough reviews to know the words of the first one."""
    chance = random.Random(4)
    return [review(chance) for _each in range(150)]


@pytest.fixture(scope="module")
def shelf_of(tmp_path_factory: pytest.TempPathFactory, examples: list[Review]) -> Path:
    """A network of each kind with random weights that are large enough to look at something."""
    folder = tmp_path_factory.mktemp("shelf")
    for place, kind in enumerate(("hierarchical", "hierarchical-mean", "flat")):
        torch.manual_seed(place)
        sizes = HierarchicalSizes(**{"d_word": 5, "d_state": 3, **KINDS[kind].sizes})
        network = Hierarchical(sizes, Hierarchical.words_of(examples, sizes))
        for parameter in network.parameters():
            parameter.data.mul_(3)
        shelf.save(folder / f"a-{kind}", kind, network, {"sizes": asdict(sizes)})
    return folder


@pytest.fixture
def networks(shelf_of: Path, examples: list[Review], monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Only these are there, and few held-out reviews."""
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (shelf_of,))
    monkeypatch.setattr(shelf, "SHIPPED", shelf_of / "none")
    monkeypatch.setattr(exam, "RECORDED", shelf_of / "none.json")
    monkeypatch.setattr(asking, "held_out", lambda: tuple(examples[:40]))
    yield shelf_of
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def network(networks: Path) -> Hierarchical:
    """That with attention."""
    return opened(networks, "hierarchical")


def opened(folder: Path, kind: str) -> Hierarchical:
    """One of them."""
    found = shelf.load(folder / f"a-{kind}").model
    assert isinstance(found, Hierarchical)
    return found


def positive(network: Hierarchical, text: list[tuple[str, ...]]) -> float:
    """The probability of "positive"."""
    with torch.no_grad():
        return float(network(network.read([text])).logits.softmax(-1)[0, 1])


def maps(test: AppTest) -> list[np.ndarray]:
    """The numbers of the heat maps that were sent, in their order."""
    found = []
    for each in sent(test):
        for step in each.get("steps", []):
            traces = json.loads(step["figure"])["data"]
            found += [np.array(trace["z"], dtype=float) for trace in traces if trace["type"] == "heatmap"]
    return found


def test_both_maps_hold_the_weights_and_what_changes_without_each_part(network: Hierarchical) -> None:
    test = app(PAGE, hat_sentence="2")
    assert trouble(test) == []
    with torch.no_grad():
        trace = network(network.read([TEXT]))
    whole = positive(network, TEXT)
    sentences, less, inside, changes = maps(test)
    assert f"positive has <b>{whole:.3f}</b>" in seen(test)
    weights, row = by_hand.look(network.sentence_look, by_hand.numbers(trace.sentences.states[0]))
    np.testing.assert_allclose(sentences[:, 0], weights, atol=1e-5)
    np.testing.assert_allclose(
        inside[:, 0],
        by_hand.look(network.word_look, by_hand.numbers(trace.words.states[0, 2, : len(TEXT[2])]))[0],
        atol=1e-5,
    )
    logits = by_hand.numbers(network.classify.weight) @ row + by_hand.numbers(network.classify.bias)
    assert by_hand.softmax(logits)[1] == pytest.approx(whole, abs=1e-5)
    for place in range(len(TEXT)):
        assert less[place, 1] == pytest.approx(positive(network, TEXT[:place] + TEXT[place + 1 :]) - whole, abs=1e-5)
    for place in range(len(TEXT[2])):
        rest = [*TEXT[:2], (*TEXT[2][:place], *TEXT[2][place + 1 :]), *TEXT[3:]]
        assert changes[place, 1] == pytest.approx(positive(network, rest) - whole, abs=1e-5)
    stands_at_every_depth(test)


def test_the_sum_of_a_word_and_of_a_sentence_is_all_its_terms(network: Hierarchical) -> None:
    found = looks.looks(network, typed(asking.BEGIN, network.ids))
    for asked, level, place in (({"hat_word": "3"}, found.levels[2], 3), ({}, found.top, 2)):
        test = app(PAGE, hat_sentence="2", dimension="1", **asked)
        assert trouble(test) == []
        assert told(test, level.hidden(place, 1).total, "gets", "of the look")
        assert told(test, np.tanh(level.hidden(place, 1).total), "gets", "of the look")
        assert level.score(place).total == pytest.approx(level.scores[place], abs=1e-4)
        assert told(test, level.scores[place], "gets", "of the look")
        assert told(test, level.weights[place], "gets", "of the look")
        assert level.weighing(place).weight == pytest.approx(level.weights[place], abs=1e-5)
    for row, level in ((2, found.levels[2]), (None, found.top)):
        for place in (0, 2):
            for dimension in range(2 * network.sizes.d_state):
                assert states.step(found, row, place, dimension).state == pytest.approx(
                    level.states[place, dimension], abs=1e-5
                )
    for label in (0, 1):
        assert found.output(label).total == pytest.approx(found.logits[label], abs=1e-4)


def test_what_is_taken_away_is_not_read(network: Hierarchical) -> None:
    test = app(PAGE, hat_out="1.3-4.99.x-y")
    assert trouble(test) == []
    left = [TEXT[1], (*TEXT[2][:3], *TEXT[2][4:]), TEXT[3]]
    assert f"positive has <b>{positive(network, left):.3f}</b>. With everything" in seen(test)
    assert np.isnan(maps(test)[0][0, 0])
    assert "<s>" in said(test)
    test.button(key="hat_back").click().run()
    assert f"positive has <b>{positive(network, TEXT):.3f}</b>" in seen(test)


def test_the_shares_of_all_words_sum_to_one(networks: Path) -> None:
    for kind in ("hierarchical", "hierarchical-mean", "flat"):
        network = opened(networks, kind)
        found = looks.looks(network, typed(asking.BEGIN, network.ids), ((0, -1), (2, 1)))
        assert sum(written.joint(found).values()) == pytest.approx(1, abs=1e-5)
        assert looks.sentence_weights(found).sum() == pytest.approx(1, abs=1e-5)
        test = app(PAGE, hat_model=f"a-{kind}")
        assert trouble(test) == []


def test_the_first_review_says_what_decides(networks: Path) -> None:
    test = app(PAGE)
    assert "What decides: <b>not, at, all, bad</b>" in said(test)
    assert "★" in said(test)
    changed = app(PAGE, hat_review=asking.BEGIN.replace("soup", "bread"))
    assert "What decides" not in said(changed), "of one's own review nobody knows"


@pytest.mark.parametrize(("text", "words_of_it"), [
    ("", "no words yet"), (" ... ! ", "no words yet"), ("나는 학생입니다.", "knows no word"), (",", "no words yet"),
])  # fmt: skip
def test_where_there_is_nothing_to_look_at_a_sentence_says_why(networks: Path, text: str, words_of_it: str) -> None:
    for view in ("review", "beside"):
        test = app(PAGE, hat_review=text, hat_view=view)
        assert trouble(test) == []
        assert any(words_of_it in each.value for each in test.info)


@pytest.mark.parametrize(("text", "words_of_it"), [
    ("Was", "A review of one word"),
    ("The soup was not bad.", "One sentence only"),
    ("The soup was <script>alert(1)</script> bad. We were there.", "alert"),
    ("The soup was $x$ :red[no] *bad*. We were there.", "x"),
    ("The soup was 맛있는. We were there.", "맛있는"),
    ("The soup was bad. " * (SENTENCES + 3), f"{SENTENCES + 3} sentences"),
    ("bad soup " * 2500, f"first {WORDS}"),
])  # fmt: skip
def test_what_does_not_fit_is_said_and_shown_all_the_same(networks: Path, text: str, words_of_it: str) -> None:
    for view in ("review", "beside"):
        test = app(PAGE, hat_review=text, hat_view=view)
        assert trouble(test) == []
        assert any(words_of_it in each.value.replace("\\", "") for each in test.caption), [
            each.value for each in test.caption
        ]
        assert maps(test)
        assert test.text_area(key="hat_review").value == text, "nothing is lost"
        assert not any("<script" in each for each in html(test))


def test_held_out_reviews_are_measured_at_a_press_and_one_can_be_taken(
    network: Hierarchical, examples: list[Review]
) -> None:
    test = app(PAGE, hat_view="gold")
    assert trouble(test) == []
    assert "Nobody measured" in test.info[0].value
    test.button(key="hat_measure").click().run()
    assert trouble(test) == []
    figures = exam.exam(network, examples[:40])
    hits = []
    for each in examples[:40]:
        text = [words(line) for line in each.sentences]
        found = looks.looks(network, typed(each.text, network.ids))
        shares = written.joint(found)
        best = max(shares, key=shares.__getitem__)
        hits.append(best[0] == each.sentence and best[1] in each.words)
        assert found.words == tuple(text)
    assert figures["words"]["attention"] == pytest.approx(np.mean(hits))
    assert f"a word that decides in <b>{100 * np.mean(hits):.0f} %</b>, at it" in seen(test)
    place = figures["words_apart"][0]
    test.button(key=f"hat_apart_{place}").click().run()
    assert trouble(test) == []
    assert test.text_area(key="hat_review").value == examples[place].text
    assert "What decides" in said(test)


def test_leaving_out_in_the_exam_is_leaving_out_on_the_page(network: Hierarchical, examples: list[Review]) -> None:
    each = next(one for one in examples if len(one.sentences) > 2)
    sentences, every = exam.ranked(network, each)
    assert sentences
    found = looks.looks(network, typed(each.text, network.ids))
    by_sentence, by_word = looks.without_each(found)
    np.testing.assert_allclose(sentences.without, np.abs(by_sentence), atol=1e-5)
    np.testing.assert_allclose(every.without, np.abs(np.concatenate(by_word)), atol=1e-5)
    np.testing.assert_allclose(sentences.attention, looks.sentence_weights(found), atol=1e-5)
    assert [words(each.text.replace(".", ""))[place] for place in every.gold] == [
        words(each.sentences[each.sentence])[place] for place in each.words
    ]


def test_every_network_beside_the_others(networks: Path) -> None:
    test = app(PAGE, hat_view="beside")
    assert trouble(test) == []
    (shown,) = maps(test)
    np.testing.assert_allclose(shown.sum(0), 1, atol=1e-5)
    assert shown[:, 1].tolist() == pytest.approx([1 / len(TEXT)] * len(TEXT)), "the mean looks at all alike"
