"""The page about the memory network: its numbers are the network's, a fact taken away is gone, and whatever is typed gets a sentence."""

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
from pages.memory import asking, held_out, looks
from pages.memory.typed import LONGEST, typed
from systems import KINDS, records, shelf
from systems.stories import exam
from systems.stories.corpus import Story, story
from systems.stories.memory import MOST, MemoryNetwork, MemorySizes
from systems.stories.world import QUESTIONS, words
from tests.apps import app, html, said, seen, sent, stands_at_every_depth, told, trouble
from tests.systems import by_hand

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE = "pages/460_memory.py"
LINES = [part.rstrip(".") for part in asking.BEGIN.split("\n")]


@pytest.fixture(scope="module")
def examples() -> list[Story]:
    """Enough stories to know every word."""
    chance = random.Random(3)
    return [story(chance, kind) for kind in (*QUESTIONS,) * 50]


@pytest.fixture(scope="module")
def shelf_of(tmp_path_factory: pytest.TempPathFactory, examples: list[Story]) -> Path:
    """A network of each kind with random weights that are large enough to look at something."""
    folder = tmp_path_factory.mktemp("shelf")
    for place, kind in enumerate(("memory", "memory-one", "memory-shared", "memory-timeless")):
        torch.manual_seed(place)
        sizes = MemorySizes(**{"d_model": 6, **KINDS[kind].sizes})
        network = MemoryNetwork(sizes, MemoryNetwork.words_of(examples, sizes))
        for parameter in network.parameters():
            parameter.data.mul_(4)
        shelf.save(folder / f"a-{kind}", kind, network, {"sizes": asdict(sizes)})
    return folder


@pytest.fixture
def networks(shelf_of: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Only these are there."""
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (shelf_of,))
    monkeypatch.setattr(shelf, "SHIPPED", shelf_of / "none")
    monkeypatch.setattr(exam, "RECORDED", shelf_of / "none.json")
    yield shelf_of
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def network(networks: Path) -> MemoryNetwork:
    """That with three hops."""
    found = shelf.load(networks / "a-memory").model
    assert isinstance(found, MemoryNetwork)
    return found


def maps(test: AppTest) -> list[np.ndarray]:
    """The numbers of the heat maps that were sent, in their order."""
    found = []
    for each in sent(test):
        for step in each.get("steps", []):
            traces = json.loads(step["figure"])["data"]
            found += [np.array(trace["z"], dtype=float) for trace in traces if trace["type"] == "heatmap"]
    return found


def test_the_picture_holds_the_weights_and_the_first_line_the_answer(network: MemoryNetwork) -> None:
    test = app(PAGE)
    assert trouble(test) == []
    weights, _carried, logits = by_hand.memory(network, LINES, asking.QUESTION)
    shown, change = maps(test)
    np.testing.assert_allclose(shown[:, :3], np.stack(weights, axis=1), atol=1e-5)
    chances = by_hand.softmax(logits)
    best = int(chances.argmax())
    assert f"answers <b>{network.words[best]}</b> (<b>{chances[best]:.2f}</b>)" in seen(test)
    for place in range(len(LINES)):
        less = by_hand.softmax(by_hand.memory(network, [*LINES[:place], *LINES[place + 1 :]], asking.QUESTION)[2])[best]
        assert change[place, 3] == pytest.approx(less - chances[best], abs=1e-5)
    stands_at_every_depth(test)


@pytest.mark.parametrize("kind", ["memory", "memory-one", "memory-shared", "memory-timeless"])
def test_the_sum_of_a_weight_is_all_its_terms(networks: Path, kind: str) -> None:
    test = app(PAGE, mem_model=f"a-{kind}", mem_fact="2", mem_hop="0" if kind == "memory-one" else "1", dimension="4")
    assert trouble(test) == []
    network = shelf.load(networks / f"a-{kind}").model
    assert isinstance(network, MemoryNetwork)
    found = looks.looks(network, typed(asking.BEGIN, asking.QUESTION, network.ids))
    hop = 0 if kind == "memory-one" else 1
    look = found.hops[hop]
    assert told(test, float(look.query[4]), "Hop", "answers")
    assert told(test, float(look.keys[2, 4]), "Hop", "answers")
    assert told(test, float(look.keys[2] @ look.query), "Hop", "answers")
    assert told(test, float(look.weights[2]), "Hop", "answers")
    assert told(test, float(look.output[4]), "Hop", "answers")
    assert found.stored(hop, 2, 4).total == pytest.approx(float(look.keys[2, 4]), abs=1e-5)
    assert found.stored(hop, 2, 4, value=True).total == pytest.approx(float(look.values[2, 4]), abs=1e-5)
    assert found.asked(4).total == pytest.approx(float(found.hops[0].query[4]), abs=1e-5)
    best = int(found.logits.argmax())
    assert found.answers(best).total == pytest.approx(float(found.logits[best]), abs=1e-4)


def test_a_fact_taken_away_is_not_read(network: MemoryNetwork) -> None:
    test = app(PAGE, mem_out="3.99.x.3")
    assert trouble(test) == []
    left = [each for place, each in enumerate(LINES) if place != 2]
    weights, _carried, logits = by_hand.memory(network, left, asking.QUESTION)
    shown = maps(test)[0]
    assert np.isnan(shown[2, :3]).all()
    np.testing.assert_allclose(np.delete(shown[:, :3], 2, axis=0), np.stack(weights, axis=1), atol=1e-5)
    assert f"Without fact <b>3</b> the network answers <b>{network.words[int(logits.argmax())]}</b>" in seen(test)
    test.button(key="mem_back").click().run()
    assert test.session_state["mem_out"] == ""
    assert "looks most" in seen(test)


def test_the_last_fact_cannot_be_taken_away(networks: Path) -> None:
    test = app(PAGE, mem_story="Anna ran to the hall.", mem_ask="Where is Anna?", mem_out="1")
    assert trouble(test) == []
    assert test.button(key="mem_away").disabled
    assert maps(test)[0][0, :3].tolist() == pytest.approx([1, 1, 1])


def test_the_rules_say_what_decides(networks: Path) -> None:
    test = app(PAGE)
    assert "say <b>library</b>, because of fact <b>3, 5</b>" in said(test)


@pytest.mark.parametrize(("asked", "words_of_it"), [
    ({"mem_story": ""}, "no facts yet"),
    ({"mem_story": " \n . \n "}, "no facts yet"),
    ({"mem_story": "나는 학생입니다."}, "knows no word of this story"),
    ({"mem_story": "Anna ran to the hall.", "mem_ask": ""}, "Ask something"),
    ({"mem_story": "Anna ran to the hall.", "mem_ask": "어디?"}, "knows no word of this question"),
])  # fmt: skip
def test_where_there_is_nothing_to_look_at_a_sentence_says_why(
    networks: Path, asked: dict[str, str], words_of_it: str
) -> None:
    test = app(PAGE, **asked)
    assert trouble(test) == []
    assert any(words_of_it in each.value for each in test.info)


@pytest.mark.parametrize(("story", "question", "words_of_it"), [
    ("Anna ran to the hall.", "Where is Sora?", "Nobody called Sora"),
    ("Anna ran to the hall.", "Where is Peter?", "Nobody called Peter"),
    ("Anna ran to the hall.", "Where is the ball?", "There is no ball"),
    ("Anna took the ball.", "Where is the ball?", "do not say it"),
    ("Anna ran to the <script>alert(1)</script> hall.", "Where is Anna?", "script"),
    ("Anna ran to the hall. 안녕하세요.", "Where is Anna?", "Left out"),
    ("Anna ran to the hall. The ball is Anna.", "Where is Anna?", "Not in a form"),
    ("Anna ran to the hall.", "Why is Anna in the hall?", "none of the questions"),
    ("Anna ran to the hall. " * (MOST + 2), "Where is Anna?", "the oldest 2 are forgotten"),
    ("Anna ran to the hall " * 1000, "Where is Anna?", f"first {LONGEST}"),
])  # fmt: skip
def test_what_does_not_fit_is_said_and_shown_all_the_same(
    networks: Path, story: str, question: str, words_of_it: str
) -> None:
    test = app(PAGE, mem_story=story, mem_ask=question)
    assert trouble(test) == []
    assert any(words_of_it in each.value.replace("\\", "") for each in test.caption), [
        each.value for each in test.caption
    ]
    assert maps(test)
    assert test.text_area(key="mem_story").value == story, "nothing is lost"
    assert not any("<script" in each for each in html(test))


def test_every_network_beside_the_others(networks: Path) -> None:
    test = app(PAGE, mem_view="beside")
    assert trouble(test) == []
    (shown,) = maps(test)
    assert shown.shape == (len(LINES), 3 + 1 + 3 + 3)
    timeless = shelf.load(networks / "a-memory-timeless").model
    assert isinstance(timeless, MemoryNetwork)
    answer = timeless.words[int(by_hand.memory(timeless, LINES, asking.QUESTION)[2].argmax())]
    assert f"three hops, no time: {answer}, backwards {answer}" in said(test)


def test_held_out_stories_are_measured_at_a_press(
    network: MemoryNetwork, examples: list[Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Few:
        """A corpus of few stories."""

        def split(self, _split: str) -> list[Story]:
            return examples[:60]

    monkeypatch.setattr(held_out, "load", Few)
    test = app(PAGE, mem_view="gold")
    assert trouble(test) == []
    assert "Nobody measured" in test.info[0].value
    test.button(key="mem_measure").click().run()
    assert trouble(test) == []
    thing = [each for each in examples[:60] if each.kind == "thing"]
    expected = np.mean([by_hand.memory(network, each.lines, each.question)[0][0][each.gold[0]] for each in thing])
    assert exam.exam(network, examples[:60])["thing"]["looks"][0][0] == pytest.approx(expected, abs=1e-5)
    assert f"gives the <b>1st fact</b> <b>{expected:.2f}</b> of its look" in said(test)


def test_the_record_names_the_weights(
    network: MemoryNetwork, networks: Path, examples: list[Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Few:
        """A corpus of few stories."""

        def split(self, _split: str) -> list[Story]:
            return examples[:60]

    monkeypatch.setattr(exam, "load", Few)
    file = networks / "looks.json"
    exam.record([networks / "a-memory"], file)
    found = exam.read(file)[records.weights_of(networks / "a-memory")]
    assert found["thing"]["right"] == pytest.approx(exam.exam(network, examples[:60])["thing"]["right"], abs=1e-4)
    file.write_text("{", "utf-8")
    with pytest.raises(ValueError, match="damaged"):
        exam.read(file)


def test_a_taken_story_stands_in_the_fields(
    networks: Path, examples: list[Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "held_out", lambda kind: tuple(each for each in examples if each.kind == kind))
    test = app(PAGE, mem_out="2")
    test.session_state["mem_take"] = "thing"
    first = next(each for each in examples if each.kind == "thing")
    written = "\n".join(asking.sentence(line, ".") for line in first.lines)
    assert [words(line) for line in written.split("\n")] == [words(line) for line in first.lines]
    assert asking.sentence("where is the ball", "?") == "Where is the ball?"
    assert asking.sentence("ben gave the key to anna", ".") == "Ben gave the key to Anna."
