"""Scenes: drawn without a library, told by a caption that they determine, asked about in words."""

import random

import pytest
import torch

from systems.scenes import captions, corpus, drawing, questions
from systems.scenes.questions import Question, Sought, parse
from systems.scenes.scene import MOST, RADIUS, Scene, Shape, read, write
from tests.systems.scenes import by_lot

TWO = read("rcl1224-bss3626")
GROUP = read("gts0810-gts3812-ycs2240")


def test_the_corpus_is_the_same_each_time() -> None:
    chance = random.Random(1502_03044)
    assert [example.scene for example in by_lot(40)] == list(dict.fromkeys(corpus.drawn(chance) for _ in range(40)))


def test_a_scene_is_a_line_of_text_and_back() -> None:
    for example in by_lot(60):
        assert read(write(example.scene)) == example.scene
    assert read(write(())) == read("") == ()


@pytest.mark.parametrize("text", ["rcl12", "xcl1212", "rcl9912", "<b>", "빨간 원", "-".join(["rcl1212"] * (MOST + 1))])
def test_what_is_no_scene_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        read(text)


def test_a_shape_covers_the_area_of_its_circle_and_edges_are_soft() -> None:
    for kind in ("circle", "square", "triangle"):
        for size, radius in RADIUS.items():
            covered = drawing.coverage(drawing.numbers([(Shape("red", kind, size, 24, 24),)]))[0, 0]
            assert abs(float(covered.sum()) / (torch.pi * radius**2) - 1) < 0.06


def test_the_later_shape_lies_over_the_earlier() -> None:
    scene = read("rcl2424-bcl2424")
    picture = drawing.pictures([scene])[0, :, 24, 24]
    assert torch.allclose(picture, torch.tensor(drawing.PAINT["blue"]))
    seen = drawing.seen(scene)
    assert seen[0, 24, 24] == 0
    assert seen[1, 24, 24] == 1


def test_padding_with_no_shape_changes_no_picture() -> None:
    alone, together = drawing.pictures([TWO])[0], drawing.pictures([TWO, GROUP, ()])
    assert torch.equal(alone, together[0])
    assert torch.allclose(together[2], torch.tensor(drawing.GROUND)[:, None, None].expand(3, 48, 48))


@pytest.mark.parametrize(
    ("scene", "text"),
    [
        ((), "nothing"),
        (TWO[:1], "a large red circle"),
        (TWO, "a large red circle left of a small blue square"),
        (TWO[::-1], "a large red circle left of a small blue square"),
        (read("rcl2440-bss2610"), "a small blue square above a large red circle"),
        (GROUP, "two green triangles and a yellow circle"),
        (read("rcs4010-bcs2010-ycs0540"), "a yellow circle, a blue circle and a red circle"),
    ],
)
def test_a_caption_is_determined_by_the_scene(scene: Scene, text: str) -> None:
    assert captions.caption(scene).text == text


def test_the_words_of_a_caption_name_what_they_are_true_of() -> None:
    for example in by_lot(120):
        caption = captions.caption(example.scene)
        assert set(caption.words) <= set(captions.WORDS)
        for word, names in zip(caption.words, caption.names, strict=True):
            shapes = [example.scene[place] for place in names]
            assert all(word.removesuffix("s") in (s.size, s.colour, s.kind) or word in captions.NUMBERS for s in shapes)
            if word in captions.NUMBERS and names:
                assert captions.NUMBERS[len(names)] == word
        named = {place for names in caption.names for place in names}
        assert named == set(range(len(example.scene)))


def test_what_decides_a_caption_is_clear() -> None:
    assert all(corpus.clear(example.scene) for example in by_lot(120))
    assert not corpus.clear(read("rcl1212-bcl3033"))


def test_questions_are_answered_by_counting() -> None:
    ask = lambda text, scene: parse(text).answer(scene)  # noqa: E731
    assert ask("how many circles?", GROUP) == "1"
    assert ask("How many green shapes are there", GROUP) == "2"
    assert ask("how many shapes?", ()) == "0"
    assert ask("is there a red circle left of a blue one?", TWO) == "no"
    assert ask("is there a large circle left of a blue square?", TWO) == "yes"
    assert ask("is there a square right of a circle?", TWO) == "yes"
    assert ask("is there a circle left of a circle?", TWO) == "no"  # not of itself
    assert parse("is there a red circle left of a blue one?").meant(read("rcl1224-bcs3626-ycs0808")) == (0, 1)


def test_a_question_by_lot_is_read_back_from_its_text() -> None:
    chance = random.Random(3)
    for example in by_lot(200):
        question = questions.ask(example.scene, chance)
        assert parse(question.text) == question
        assert question.answer(example.scene) in questions.ANSWERS


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "no question"),
        ("how many dogs?", "dogs"),
        ("동그라미가 몇 개?", "동그라미가"),
        ("<script>alert(1)</script>", "<script>"),
        ("is there", "to look for"),
        ("how many red blue circles?", "blue"),
        ("is there a circle left of a square above a triangle?", "at a time"),
        ("circles many", "begins with"),
        ("x" * 10_000, "does not know"),
    ],
)
def test_what_it_cannot_know_is_named(text: str, named: str) -> None:
    with pytest.raises(ValueError, match=named) as raised:
        parse(text)
    assert len(str(raised.value)) < 150


def test_one_is_another_of_the_same_kind() -> None:
    assert parse("is there a red square left of a blue one?") == Question(
        Sought("", "red", "square"), "left", Sought("", "blue", "square")
    )


def test_a_varied_scene_is_one_of_the_same_make() -> None:
    chance, changed = random.Random(5), 0
    for example in by_lot(150):
        found = corpus.varied(example.scene, chance)
        assert corpus.clear(found) or not found
        assert sorted((s.kind, s.size) for s in found) == sorted((s.kind, s.size) for s in example.scene)
        before, after = (captions.caption(scene).words for scene in (example.scene, found))
        assert len(before) == len(after)
        assert all(RADIUS[s.size] <= s.x + 1 <= 48 - RADIUS[s.size] + 1 for s in found)
        changed += found != example.scene
    assert changed > 140
