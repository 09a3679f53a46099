"""The page about positions: its numbers against the trace and the paper's formula, and its controls."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

import transformer.checkpoint
import transformer.layers
from figures.labels import label
from pages.positions import numbers as positions
from pages.positions import telling, words
from tests.apps import SEEN, app, html, room, said, sent, trouble, unfold
from transformer.checkpoint import Checkpoint
from ui.controls.sides import Sentence, Side
from ui.frame import Session
from ui.measures import order
from ui.session.walk import Walk, array

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE, TEXT = "pages/30_positions.py", SEEN
WIDTH = 20  # d_model of the small model
PICTURES = ("waves", "curves", "similarity", "sum")


def sentence(walked: Walk, side: Side, chosen: int | None = None, first: int = 0) -> Sentence:
    """One side as the model read it."""
    pieces, ids = (walked.source, walked.source_ids) if side == "source" else (walked.read, walked.read_ids)
    rows = slice(first, len(pieces))
    return Sentence(side=side, pieces=pieces, ids=ids, rows=rows, chosen=chosen, special=True)


@pytest.mark.parametrize("width", [20, 30, 128])
def test_the_arithmetic_gives_the_models_table(checkpoint: Checkpoint, width: int) -> None:
    table = transformer.layers.sinusoidal_positions(70, width).numpy()
    told = [[positions.angle(row, column, width).value for column in range(width)] for row in range(70)]
    np.testing.assert_allclose(told, table, atol=1e-6)


def test_a_wave_comes_round_after_its_wavelength() -> None:
    for dimension in (0, 1, 7, 12):
        wave = positions.angle(0, dimension, WIDTH)
        along = np.array([0.0, wave.wavelength]) / wave.divisor
        np.testing.assert_allclose(np.sin(along), 0, atol=1e-9)
        np.testing.assert_allclose(np.cos(along), 1, atol=1e-9)
    assert positions.wavelengths(WIDTH)[0] == pytest.approx(2 * np.pi)


def test_curves_pass_through_the_models_numbers(checkpoint: Checkpoint) -> None:
    tracks = positions.tracks(WIDTH, 13)
    assert {12, 13} <= set(tracks)
    assert all(0 <= dimension < WIDTH for dimension in tracks)
    along, heights = positions.curve(tracks, WIDTH, 50)
    whole = np.isclose(along % 1, 0)
    np.testing.assert_allclose(heights[:, whole].T, positions.table(checkpoint)[:50, tracks], atol=1e-6)


def test_similarity_depends_on_the_distance_alone(checkpoint: Checkpoint) -> None:
    table = positions.table(checkpoint)[:40].astype(np.float64)
    cosines = positions.similarity(positions.table(checkpoint)[:40])
    np.testing.assert_allclose(cosines, table @ table.T / (WIDTH / 2), atol=1e-6)
    for apart in (0, 1, 5, 20):
        dot = sum(positions.distances(WIDTH, apart))
        np.testing.assert_allclose(np.diag(table @ table.T, apart), dot, atol=1e-5)
        np.testing.assert_allclose(np.diag(cosines, apart), dot / (WIDTH / 2), atol=1e-6)


@pytest.mark.parametrize("side", ["source", "target"])
def test_the_three_parts_are_the_traces_and_add_up(walked: Walk, checkpoint: Checkpoint, side: Side) -> None:
    for first in (0, 1):
        parts = positions.parts(walked, sentence(walked, side, first=first))
        trace = (walked.trace.encoder if side == "source" else walked.trace.decoder).embedding
        np.testing.assert_array_equal(parts[0], array(trace.scaled[0])[first:])
        np.testing.assert_allclose(parts[0] + parts[1], parts[2], atol=1e-6)
        np.testing.assert_array_equal(parts[1], positions.table(checkpoint)[first : first + len(parts[1])])
    np.testing.assert_allclose(array(trace.rows[0]) * np.sqrt(WIDTH), array(trace.scaled[0]), atol=1e-6)


@pytest.mark.parametrize("side", ["source", "target"])
def test_the_sum_in_words_is_the_traces(walked: Walk, side: Side) -> None:
    trace = (walked.trace.encoder if side == "source" else walked.trace.decoder).embedding
    for place in ((0, 0), (2, 7), (4, 19)):
        told = {
            name: float(text.strip("()").replace("−", "-"))
            for name, text in telling.summed(walked, sentence(walked, side), place).items()
        }
        assert told["scaled"] + told["shift"] == pytest.approx(told["output"], abs=2e-4)
        assert told["row"] * np.sqrt(WIDTH) == pytest.approx(told["scaled"], abs=5e-4)
        assert told["output"] == pytest.approx(float(trace.output[0, *place]), abs=1e-4)


def test_a_position_beyond_the_sentence_can_be_read_but_not_chosen(walked: Walk) -> None:
    count = len(walked.source)
    assert words.pointed(sentence(walked, "source", chosen=2), None, (2, 5))[0] == (2, 5)
    assert words.pointed(sentence(walked, "source", chosen=2), (count + 3, 5), (2, 5))[0] == (count + 3, 5)
    assert words.pointed(sentence(walked, "source"), None, (0, 5))[1] is None
    assert (
        words.place("curves", (4, 9, -0.37)) == words.place("sum", (2, 4, 9)) == words.place("waves", (4, 9)) == (4, 9)
    )
    names = words.names(sentence(walked, "source"), slice(0, count + 2))
    assert names[0] == f"0 {label(walked.source[0])}"
    assert names[-1] == str(count + 1)


def test_the_lesson_has_all_its_numbers(walked: Walk) -> None:
    values = telling.values(walked, sentence(walked, "target", chosen=3), (3, 7), WIDTH)
    assert float(values["value"]) == pytest.approx(np.cos(3 / 10000 ** (6 / WIDTH)), abs=1e-4)
    assert float(values["wavelength"]) == pytest.approx(2 * np.pi * 10000 ** (6 / WIDTH), rel=1e-4)
    assert (values["pair"], values["odd"], values["wave"]) == ("3", "+1", "cos")


@pytest.mark.parametrize("side", ["source", "target"])
@pytest.mark.parametrize("picture", PICTURES)
def test_every_picture_at_every_depth(folders: Path, picture: str, side: str) -> None:
    asked = {"positions": picture, "piece": "2", "side": side, "dimension": "3", "reach": "more"}
    test = unfold(app(PAGE, text=TEXT, **asked), "numbers", "formula", "code")
    assert trouble(test) == []
    assert test.segmented_control(key="pick_positions").value == picture
    assert "[[" not in " ".join(element.value for element in test.markdown)
    assert len(test.get("bidi_component")) >= 2
    assert test.code


def test_the_sum_tells_the_whole_arithmetic(folders: Path) -> None:
    told = room(app(PAGE, text=TEXT, source="4", dimension="7"))
    divisor = 10000 ** (6 / WIDTH)
    assert f"3 / {divisor:.4g} = <b>{3 / divisor:.4g}</b>" in told
    assert f"cos({3 / divisor:.4g}) = <b>{np.cos(3 / divisor):.4f}</b>" in told
    assert f"<b>{2 * np.pi * divisor:.4g}</b> positions" in told


def test_before_anything_is_chosen_the_numbers_show_something(folders: Path, walked: Walk) -> None:
    """The sine of the first position is 0 in every dimension; the words say so of no other."""
    for asked in ({}, {"source": "none", "piece": "none"}):
        test = unfold(app(PAGE, text=TEXT, **asked), "formula")
        formula = next(each.value for each in test.markdown if "PE_{(pos" in each.value)
        [row] = re.findall(r"For position (\d+) and dimension", formula)
        assert int(row) > 0
        assert "= 0.0000" not in formula
    for row in range(1, 40):
        angle = positions.angle(row, words.telling(row, 256), 256).angle
        assert 0.9 < angle < 1.1
    assert words.at_hand(sentence(walked, "source", chosen=0), WIDTH)[0] == 0, "what is chosen is told all the same"


def test_nothing_chosen_says_how_to_choose_whatever_the_language(folders: Path) -> None:
    for picture in PICTURES:
        test = app(PAGE, text=TEXT, positions=picture, source="none", piece="none")
        assert trouble(test) == []
        assert "atlas-empty" in room(test)
        assert "French" not in room(test)


@pytest.mark.parametrize("chosen", ["3", "none"])
def test_the_wave_of_the_chosen_dimension_is_thick(folders: Path, chosen: str) -> None:
    """Whether or not a piece is chosen; its name is bold as well."""
    test = app(PAGE, text=TEXT, positions="curves", dimension="9", source=chosen, piece="none")
    [figure] = [json.loads(each["steps"][0]["figure"]) for each in sent(test) if "steps" in each]
    waves = [trace for trace in figure["data"] if trace["mode"] == "lines"]
    names = figure["layout"]["yaxis"]["ticktext"]
    widths = [wave["line"]["width"] for wave in waves]
    assert [name.startswith("<b>9 (") for name in names] == [width == max(widths) for width in widths]
    assert max(widths) >= 2 * min(widths)
    assert sum(width == max(widths) for width in widths) == 1


def test_positions_count_from_0_here_and_on_the_page_before(folders: Path, walked: Walk) -> None:
    test = app(PAGE, text=TEXT, source="3")
    assert f"<b>{label(walked.source[2])}</b> stands at position <b>2</b>" in " ".join(html(test))
    tokens = app("pages/10_tokens.py", text=TEXT)
    table = tokens.dataframe[0].value
    assert list(table["Position"]) == list(range(len(table)))


def test_why_positions_is_the_check_of_the_machine_s_parts(session: Session) -> None:
    found = order.check(session.origin, session.walk.source_ids, "reversed")
    assert found.residual(found.bare) < 1e-4 < 1e-2 < found.residual(found.given)


def test_the_proofs_hold_their_numbers(folders: Path, session: Session, checkpoint: Checkpoint) -> None:
    found = order.check(session.origin, session.walk.source_ids, "reversed")
    assert f"<b>{found.residual(found.given):.3f}</b>" in said(app(PAGE, text=TEXT))
    table = positions.table(checkpoint).astype(float)
    near, far = (f"<b>{float(table[one] @ table[one + 3]):.2f}</b>" for one in (0, 4))
    assert near == far
    why = said(app(PAGE, text=TEXT, positions="similarity"))
    assert f"0 and 3 have the product {near}, 4 and 7 have {far}" in why


def test_the_slider_chooses_the_dimension_for_all_pictures(folders: Path) -> None:
    test = app(PAGE, text=TEXT, positions="curves", source="2")
    test.slider(key="pick_dimension").set_value(9).run()
    assert trouble(test) == []
    assert "Position <b>1</b>" in room(test)
    assert "in dimension <b>9</b>" in room(test)
    test.segmented_control(key="pick_positions").set_value("sum").run()
    assert "dimension <b>9</b>" in room(test)


@pytest.mark.parametrize("asked", [
    {"dimension": "9999", "positions": "curves"}, {"dimension": "-1"}, {"positions": "spiral"}, {"reach": "all"},
    {"special": "false", "positions": "sum", "side": "target"}, {"piece": "0", "side": "target", "positions": "similarity"},
], ids=str)  # fmt: skip
def test_an_address_that_asks_too_much(folders: Path, asked: dict[str, str]) -> None:
    test = app(PAGE, text=TEXT, **asked)
    assert trouble(test) == []
    assert len(test.get("bidi_component")) >= 2
