"""The page about embeddings: its numbers against the trace and NumPy, and its controls."""

import inspect
import re
from dataclasses import replace
from html import escape
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from figures.labels import label
from figures.numbers.scatter import Mark, named
from pages.embeddings import telling, twice, words
from tests.apps import SEEN, app, room, said, told, trouble, unfold
from transformer.checkpoint import Checkpoint
from transformer.layers import Embedding
from ui import text
from ui.controls.sides import Sentence
from ui.frame import Session
from ui.measures import space as embedding_space
from ui.measures.space import Space
from ui.session.walk import Walk, array

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE, TEXT = "pages/20_embeddings.py", SEEN
PICTURES = ("rows", "plane", "space", "nearest", "twice")


@pytest.fixture
def space(checkpoint: Checkpoint) -> Space:
    """Its embedding space."""
    return embedding_space.measured(checkpoint)


def english(walked: Walk, chosen: int | None = None) -> Sentence:
    """The English side."""
    rows = slice(0, len(walked.source))
    return Sentence(side="source", pieces=walked.source, ids=walked.source_ids, rows=rows, chosen=chosen, special=True)


def test_the_rows_drawn_are_those_that_the_model_looked_up(space: Space, walked: Walk) -> None:
    values = words.framed(space, english(walked))
    np.testing.assert_array_equal(values, array(walked.trace.encoder.embedding.rows[0]))


def test_directions_are_the_singular_vectors_of_the_centred_rows(space: Space, checkpoint: Checkpoint) -> None:
    vocabulary = checkpoint.tokenizer.vocabulary()
    text = [piece.id for piece in vocabulary if not piece.is_special and not piece.is_byte]
    rows = checkpoint.model.matrix.detach().double().numpy()
    centred = rows[text] - rows[text].mean(0)
    _left, lengths, right = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(space.shares, lengths[:3] ** 2 / (lengths**2).sum(), atol=1e-10)
    np.testing.assert_allclose(np.abs(right[:3] @ space.directions), np.eye(3), atol=1e-6)
    np.testing.assert_allclose(space.points[text], centred @ space.directions, atol=1e-10)
    np.testing.assert_allclose(space.points[text].var(0) * len(text), lengths[:3] ** 2, rtol=1e-9)
    assert list(space.text) == text


@pytest.mark.parametrize("id", [1, 2, 300, 599])
def test_nearest_pieces_are_the_best_of_all_pieces_of_text(space: Space, checkpoint: Checkpoint, id: int) -> None:
    matrix = checkpoint.model.matrix.detach().double()
    cosines = torch.nn.functional.cosine_similarity(matrix, matrix[id], dim=-1)
    vocabulary = checkpoint.tokenizer.vocabulary()
    others = [each.id for each in vocabulary if not each.is_special and not each.is_byte and each.id != id]
    best = sorted(others, key=lambda other: -float(cosines[other]))[:10]
    found = embedding_space.nearest(space, id, 10)
    assert [other for other, _cosine in found] == best
    np.testing.assert_allclose([cosine for _other, cosine in found], cosines[best].numpy(), atol=1e-9)


def test_the_cloud_holds_no_piece_twice_and_none_of_the_sentence(space: Space, walked: Walk) -> None:
    ids, _places = words.marks(walked, english(walked))
    cloud = space.cloud(ids)
    assert len(cloud) <= embedding_space.CLOUD
    assert not set(ids) & set(cloud.tolist())
    assert set(cloud.tolist()) <= set(space.text.tolist())


def test_a_piece_of_both_languages_is_marked_once(walked: Walk) -> None:
    ids, places = words.marks(walked, english(walked, chosen=1))
    assert sorted(ids) == sorted({*walked.source_ids, *walked.read_ids[:1], *walked.written_ids})
    by_id = dict(zip(ids, places, strict=True))
    assert by_id[walked.source_ids[-1]][1] == 2, "the end piece ends both sentences"
    assert by_id[walked.written_ids[0]][3] == (1, 1), "row 0 of the French is the start piece"
    assert [id for id in ids if by_id[id][4]] == [walked.source_ids[1]]


def test_names_on_the_map_do_not_cover_each_other() -> None:
    points = np.random.default_rng(5).uniform(size=(30, 2)) * 0.4
    marks = [Mark("▁piece", 0, place, (0, place), chosen=place == 7) for place in range(30)]
    notes = named(points, marks, 400.0, "light")
    boxes = [(note["x"] * 400 + note["ax"], -note["y"] * 400 + note["ay"]) for note in notes]
    for number, (x, y) in enumerate(boxes):
        assert all(abs(x - u) >= 36 or abs(y - v) >= 17 for u, v in boxes[:number])
    assert any(note["text"] == "<b>piece</b>" for note in notes), "the chosen piece has its name"


def test_the_lesson_has_all_its_numbers(session: Session, space: Space, walked: Walk) -> None:
    values = telling.values(session, space, english(walked, chosen=2))
    id = walked.source_ids[2]
    row, other = space.matrix[id].astype(float), space.matrix[int(values["other_id"])].astype(float)
    assert float(values["dot"].replace("−", "-")) == pytest.approx(row @ other, abs=1e-4)
    assert float(values["length"]) == pytest.approx(np.linalg.norm(row), abs=1e-4)
    cosine = row @ other / np.linalg.norm(row) / np.linalg.norm(other)
    assert float(values["cosine"].replace("−", "-")) == pytest.approx(cosine, abs=1e-4)
    assert values["id"] == str(id)


@pytest.mark.parametrize("picture", PICTURES)
def test_every_picture_at_every_depth(folders: Path, picture: str) -> None:
    test = app(PAGE, text=TEXT, embeddings=picture, source="2", side="source", dimension="3")
    unfold(test, "numbers", "formula", "code")
    assert trouble(test) == []
    assert test.segmented_control(key="pick_embeddings").value == picture
    shown = " ".join(element.value for element in test.markdown)
    assert "[[" not in shown
    assert len(test.get("bidi_component")) >= 2
    assert test.code


def test_the_sum_tells_the_very_number(folders: Path, space: Space, walked: Walk) -> None:
    test = app(PAGE, text=TEXT, source="2", dimension="3")
    assert "dimension <b>3</b>" in room(test)
    assert told(test, space.matrix[walked.source_ids[1], 3], "dimension")


def test_before_a_dimension_is_chosen_the_largest_number_is_told(folders: Path, space: Space, walked: Walk) -> None:
    row = space.matrix[walked.source_ids[1]]
    test = app(PAGE, text=TEXT, source="2")
    assert f"dimension <b>{np.abs(row).argmax()}</b>" in room(test)


def test_nothing_chosen_says_how_to_choose_whatever_the_language(folders: Path) -> None:
    for picture in PICTURES[:-1]:
        test = app(PAGE, text=TEXT, source="none", piece="none", embeddings=picture)
        assert trouble(test) == []
        assert "atlas-empty" in room(test)
        assert "French" not in room(test)


def test_the_lookup_is_the_line_that_the_lesson_names() -> None:
    """It once was called the first line, and was the fifth."""
    lesson = text.lesson("20_embeddings")
    [named] = re.findall(r"the line that makes `(\w+)`", lesson.sections["Code"])
    [line] = [
        line for line in inspect.getsource(Embedding.forward).split("\n") if line.strip().startswith(f"{named} =")
    ]
    assert "embedding(ids, matrix)" in line


def test_the_map_in_space_is_read_out_in_all_its_directions(space: Space, walked: Walk) -> None:
    for picture, count in (("plane", 2), ("space", 3)):
        spoken = words.described(picture, space, english(walked))  # type: ignore[arg-type]
        assert all(len(each.rpartition(": ")[2].split(", ")) == count for each in spoken.split("; "))


def test_what_chance_would_bring_is_what_random_directions_bring(space: Space) -> None:
    """As many random directions as there are pieces of text: about one is as near as that."""
    width, count = 256, 8000
    like = replace(space, matrix=np.zeros((1, width), np.float32), text=np.arange(count))
    random = np.random.default_rng(3).normal(size=(12, count, width))
    random /= np.linalg.norm(random, axis=-1, keepdims=True)
    beyond = (random[:, :, 0] > telling.chance(like)).sum(1)
    assert 0.3 < beyond.mean() < 3
    assert telling.chance(space) > telling.chance(like), "fewer dimensions, more by chance"


def test_the_nearest_are_told_beside_chance(folders: Path, space: Space, walked: Walk) -> None:
    test = app(PAGE, text=TEXT, source="2", embeddings="nearest")
    other, cosine = embedding_space.nearest(space, walked.source_ids[1], 1)[0]
    line = said(test)
    assert f"is <b>{escape(label(space.pieces[other]))}</b>: cosine <b>{cosine:.2f}</b>" in line
    assert f"would reach <b>{telling.chance(space):.2f}</b>" in line


def test_the_same_piece_is_one_row_and_then_two_vectors(session: Session, checkpoint: Checkpoint) -> None:
    """In the same sentence if it is there twice; the encoder is run anew and its vectors compared."""
    ids = (*checkpoint.tokenizer.encode("The dog sees the dog."), checkpoint.model.config.end_id)
    again = next(place for place, id in enumerate(ids) if ids.index(id) < place)
    found = twice.twice(session.origin, ids, again)
    assert (found.here, found.there, found.other) == (again, ids.index(ids[again]), ())
    trace = checkpoint.model.encode(torch.tensor([ids]))
    by_hand = [trace.embedding.rows, trace.embedding.output, *(layer.output for layer in trace.layers)]
    cosines = [
        torch.nn.functional.cosine_similarity(each[0, again], each[0, ids.index(ids[again])], dim=0) for each in by_hand
    ]
    np.testing.assert_allclose(found.cosines, [float(each) for each in cosines], atol=1e-5)
    assert found.cosines[0] == pytest.approx(1)
    assert found.cosines[-1] < 0.999


def test_a_piece_that_is_there_once_is_found_in_an_example(
    session: Session, checkpoint: Checkpoint, walked: Walk
) -> None:
    for here, id in enumerate(walked.source_ids):
        if walked.source_ids.count(id) > 1:
            continue
        other, there = twice.second(session.origin, walked.source_ids, here)
        assert other != walked.source_ids
        assert other[there] == id
        assert other[-1] == checkpoint.model.config.end_id
        assert twice.twice(session.origin, walked.source_ids, here).cosines[0] == pytest.approx(1)


def test_different_pieces_are_compared_without_equal_ones() -> None:
    vectors = np.random.default_rng(2).normal(size=(3, 4, 6))
    ids = (5, 7, 5, 9)
    pairs = [(0, 1), (0, 3), (1, 2), (1, 3), (2, 3)]
    by_hand = [np.mean([twice.cosine(stage[one], stage[other]) for one, other in pairs]) for stage in vectors]
    np.testing.assert_allclose(twice.different(vectors, ids), by_hand)
    assert np.isnan(twice.different(vectors[:, :1], (5,))).all()


def test_a_stage_is_told_with_its_cosine(folders: Path, session: Session, walked: Walk) -> None:
    found = twice.twice(session.origin, walked.source_ids, 1)
    for stage in (None, 0, 2):
        asked = {} if stage is None else {"stage": str(stage)}
        test = app(PAGE, text=TEXT, embeddings="twice", source="2", **asked)
        assert told(test, found.cosines[-1 if stage is None else stage], "a · b", "lengths")
    absurd = app(PAGE, text=TEXT, embeddings="twice", source="2", stage="77")
    assert told(absurd, found.cosines[-1], "a · b")


def test_the_line_below_the_row_turns_to_the_same_word_twice(folders: Path) -> None:
    test = app(PAGE, text=TEXT, source="2")
    test.button(key="turn_twice").click().run()
    assert trouble(test) == []
    assert test.segmented_control(key="pick_embeddings").value == "twice"


def test_a_click_on_a_chip_brings_its_side(folders: Path) -> None:
    test = app(PAGE, text=TEXT, target="mine", french="Le chat dort.")
    assert test.segmented_control(key="pick_side").value == "source"
    test.session_state["piece"] = 2
    test.run()
    assert trouble(test) == []
    assert test.segmented_control(key="pick_side").value == "target"
    test.session_state["source"] = 1
    test.run()
    assert test.segmented_control(key="pick_side").value == "source"


@pytest.mark.parametrize("asked", [
    {"dimension": "9999", "source": "2"}, {"dimension": "x"}, {"embeddings": "spiral"}, {"side": "target", "piece": "0"},
    {"special": "false", "side": "target", "embeddings": "plane"}, {"embeddings": "nearest", "piece": "999"},
], ids=str)  # fmt: skip
def test_an_address_that_asks_too_much(folders: Path, asked: dict[str, str]) -> None:
    test: AppTest = app(PAGE, text=TEXT, **asked)
    assert trouble(test) == []
    assert len(test.get("bidi_component")) >= 2
