"""The page about embeddings: its numbers against the trace and NumPy, and its controls."""

from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from figures.numbers.scatter import Mark, named
from pages.embeddings import words
from tests.apps import SEEN, app, html, trouble
from transformer.checkpoint import Checkpoint
from ui.controls.sides import Sentence
from ui.measures import space as embedding_space
from ui.measures.space import Space
from ui.session.walk import Walk, array

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE, TEXT = "pages/20_embeddings.py", SEEN


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


def test_the_lesson_has_all_its_numbers(space: Space, walked: Walk) -> None:
    values = words.values(space, english(walked, chosen=2))
    id = walked.source_ids[2]
    row, other = space.matrix[id].astype(float), space.matrix[int(values["other_id"])].astype(float)
    assert float(values["dot"]) == pytest.approx(row @ other, abs=1e-4)
    assert float(values["length"]) == pytest.approx(np.linalg.norm(row), abs=1e-4)
    cosine = row @ other / np.linalg.norm(row) / np.linalg.norm(other)
    assert float(values["cosine"]) == pytest.approx(cosine, abs=1e-4)
    assert values["id"] == str(id)


@pytest.mark.parametrize("depth", ["story", "numbers", "formula", "code"])
@pytest.mark.parametrize("picture", ["rows", "plane", "space", "nearest"])
def test_every_picture_at_every_depth(folders: Path, picture: str, depth: str) -> None:
    test = app(PAGE, text=TEXT, embeddings=picture, depth=depth, source="2", side="source", dimension="3")
    assert trouble(test) == []
    assert test.segmented_control(key="pick_embeddings").value == picture
    shown = " ".join(element.value for element in test.markdown)
    assert "[[" not in shown
    assert len(test.get("bidi_component")) >= 2


def test_the_sentence_tells_the_very_number(folders: Path, space: Space, walked: Walk) -> None:
    test = app(PAGE, text=TEXT, source="2", dimension="3")
    number = f"{space.matrix[walked.source_ids[1], 3]:.4f}"
    assert any(f"<b>{number}</b>" in said and "dimension <b>3</b>" in said for said in html(test))


def test_nothing_chosen_says_what_to_do(folders: Path) -> None:
    assert any("atlas-empty" in said for said in html(app(PAGE, text=TEXT)))


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
