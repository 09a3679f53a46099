"""One number, set by hand: what the page shows is what a model with that number written into it does, and whatever an address asks."""

import copy
import json
import re
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from tests.apps import (
    SEEN,
    SEEN_FRENCH,
    app,
    fall,
    html,
    pictures,
    room,
    said,
    seen,
    sent,
    stands_at_every_depth,
    trouble,
)
from tests.figures.samples import cells
from transformer.analysis.effects import log_probability, slopes
from transformer.checkpoint import Checkpoint
from transformer.model import Transformer

pytestmark = [
    pytest.mark.usefixtures("forgotten"),
    pytest.mark.filterwarnings("default"),  # streamlit warns about itself under AppTest
]
PAGE = "pages/225_one_number.py"
MINE = {"text": SEEN, "target": "mine", "french": SEEN_FRENCH}
W_V = "encoder_layers.1.self_attention.W_V.weight"


def figure(test: AppTest) -> dict[str, Any]:
    """The grids that the page sent to the browser."""
    return next(json.loads(each["steps"][0]["figure"]) for each in sent(test) if each.get("name") == "on_numbers")


def grids(test: AppTest) -> tuple[np.ndarray, np.ndarray]:
    """The numbers and the slopes that are drawn."""
    drawn = figure(test)
    told = drawn["data"][0]["meta"]["cells"]
    shape = (2, len(told["rows"]), len(told["columns"]))
    return cells(drawn, shape)[0], cells(drawn, shape, 1)[1]


def ids(checkpoint: Checkpoint) -> tuple[list[int], list[int]]:
    return checkpoint.tokenizer.encode(SEEN), [*checkpoint.tokenizer.encode(SEEN_FRENCH), 2]


def written(model: Transformer, name: str, row: int, column: int, value: float) -> Transformer:
    other = copy.deepcopy(model)
    with torch.no_grad():
        dict(other.named_parameters())[name][row, column] = value
    return other


def test_an_embedding_and_its_slopes_are_the_models_own(checkpoint: Checkpoint) -> None:
    source, reference = ids(checkpoint)
    test = app(PAGE, **MINE, source="3")
    assert trouble(test) == []
    numbers, steep = grids(test)
    row = checkpoint.model.matrix[source[2]].detach().numpy()
    np.testing.assert_allclose(numbers.ravel(), row, atol=1e-6)
    np.testing.assert_allclose(
        steep.ravel(), slopes(checkpoint.model, source, reference, "matrix")[source[2]], atol=1e-5
    )
    assert "use one matrix" in said(test)


def test_what_leaves_a_layer_is_that_of_the_chosen_piece(checkpoint: Checkpoint) -> None:
    source, reference = ids(checkpoint)
    test = app(PAGE, **MINE, on_what="layer", on_layer="1", source="2")
    with torch.inference_mode():
        output = checkpoint.model.encode(torch.tensor([[*source, 2]])).layers[0].output[0, 1].numpy()
    numbers, steep = grids(test)
    np.testing.assert_allclose(numbers.ravel(), output, atol=1e-6)
    np.testing.assert_allclose(steep.ravel(), slopes(checkpoint.model, source, reference, "layer.1")[1], atol=1e-5)


def test_a_window_of_a_matrix_lies_around_the_chosen_number(checkpoint: Checkpoint) -> None:
    test = app(PAGE, **MINE, on_what="weight", on_matrix=W_V.replace(".", "-"), on_row="19", dimension="10")
    assert trouble(test) == []
    weight = dict(checkpoint.model.named_parameters())[W_V].detach().numpy()
    numbers, _steep = grids(test)
    np.testing.assert_allclose(numbers, weight[4:20, 2:18], atol=1e-6)
    assert f"{weight[19, 10]:.4f}".replace("-", "−") in room(test)


@pytest.mark.parametrize(("asked", "name", "row", "column", "value"), [
    ({}, "matrix", None, 3, 4.0), ({"on_what": "weight", "on_matrix": W_V.replace(".", "-"), "on_row": "7"}, W_V, 7, 3, 9.0),
])  # fmt: skip
def test_the_outcome_is_that_of_a_model_with_the_number_written_into_it(
    checkpoint: Checkpoint, asked: dict[str, str], name: str, row: int | None, column: int, value: float
) -> None:
    source, reference = ids(checkpoint)
    row = source[2] if row is None else row
    code = f"{name.replace('.', '-')},{row},{column},{value}"
    test = app(PAGE, **MINE, source="3", dimension=str(column), on_do=code, **asked)
    assert trouble(test) == []
    other = written(checkpoint.model, name, row, column, value)
    before, after = (float(log_probability(each, source, reference)) for each in (checkpoint.model, other))
    assert fall(test) == pytest.approx(before - after, abs=2e-3, rel=2e-3)
    usual = float(dict(checkpoint.model.named_parameters())[name][row, column])
    slope = slopes(checkpoint.model, source, reference, name)[row, column]
    foretold = re.search(r"foretold <b>([^<]*)</b>", room(test))
    assert foretold
    assert float(foretold[1].replace("−", "-")) == pytest.approx(slope * (value - usual), abs=1e-3, rel=2e-3)
    assert figure(test)["layout"]["shapes"][0]["line"]["dash"] == "dot"


def test_a_number_can_be_typed_dragged_undone_and_put_back() -> None:
    test = app(PAGE, **MINE, source="3", dimension="2")
    test.number_input(key="pick_on_value").set_value(3.0).run()
    assert "no word" in seen(test) or "word" in seen(test)
    first = test.session_state["on_do"]
    assert first.endswith(",2,3")
    test.slider(key="pick_on_slide").set_value(0.0).run()
    assert test.session_state["on_do"].endswith(",2,0")
    test.button(key="on_do_undo").click().run()
    assert test.session_state["on_do"] == first
    test.button(key="on_do_reset").click().run()
    assert test.session_state["on_do"] == ""
    assert "Nothing is changed" in seen(test)
    assert trouble(test) == []


@pytest.mark.parametrize("asked", [{}, {"on_what": "layer"}, {"on_what": "weight"}], ids=str)
def test_the_number_that_matters_most_is_one_click_away(checkpoint: Checkpoint, asked: dict[str, str]) -> None:
    source, reference = ids(checkpoint)
    test = app(PAGE, **MINE, source="3", **asked)
    test.button(key="on_most").click().run()
    assert trouble(test) == []
    name = next(name for name, _weight in checkpoint.model.named_parameters() if name != "matrix")
    where = {"layer": "layer.2", "weight": name}.get(asked.get("on_what", ""), "matrix")
    found = np.abs(slopes(checkpoint.model, source, reference, where))
    rows = {"matrix": source[2], "layer.2": 2}
    if where in rows:
        assert test.session_state["dimension"] == found[rows[where]].argmax()
    else:
        assert (test.session_state["on_row"], test.session_state["dimension"]) == np.unravel_index(
            found.argmax(), found.shape
        )


def test_how_many_matter_little_is_counted(checkpoint: Checkpoint) -> None:
    source, reference = ids(checkpoint)
    row = checkpoint.model.matrix[source[2]].detach().numpy()
    little = int((np.abs(slopes(checkpoint.model, source, reference, "matrix")[source[2]] * row) < 0.01).sum())
    assert f"<b>{little}</b> of these <b>{len(row)}</b>" in said(app(PAGE, **MINE, source="3"))


def test_who_guesses_is_told_nothing_before() -> None:
    test = app(PAGE, **MINE, on_ask="true", on_do="matrix,40,2,9", source="3", dimension="2")
    assert "what will become of the translation?" in seen(test)
    assert "foretold" not in said(test)
    assert "falls by" not in said(test)


@pytest.mark.parametrize("strange", [
    {"on_do": "matrix"}, {"on_do": "matrix,1,2,nan"}, {"on_do": "matrix,1,2,inf"}, {"on_do": "matrix,99999,2,1"}, {"on_do": "matrix,-1,2,1"},
    {"on_do": "layer-9,1,2,3"}, {"on_do": "layer-1,90,2,3"}, {"on_do": "<b>x</b>,1,1,1;;;"}, {"on_do": "matrix,1,1,1e9"}, {"on_do": "x" * 5000},
    {"on_what": "none"}, {"on_what": "weight", "on_matrix": "nobody", "on_row": "-4", "dimension": "9999"}, {"on_what": "layer", "on_layer": "77"},
    {"on_view": "zz"}, {"text": "나는 학생"}, {"text": "I"}, {"special": "false", "source": "none"}, {"target": "mine", "french": ""},
], ids=str)  # fmt: skip
def test_awkward_sentences_and_absurd_addresses(strange: dict[str, str]) -> None:
    for more in ({}, {"on_what": "layer"}, {"on_view": "chances"}):
        test = app(PAGE, **({"text": SEEN, "search": "greedy"} | more | strange))
        assert trouble(test) == []
        assert pictures(test) >= 2
        assert not any("<b>x</b>,1" in each for each in html(test))


def test_an_address_brings_back_several_numbers_and_the_last_of_two_counts() -> None:
    test = app(PAGE, **MINE, on_do="matrix,40,2,9;matrix,40,2,1;layer-1,2,3,4", source="3")
    assert "With <b>2</b> numbers set by hand" in seen(test)


def test_the_shared_model_stays_as_it_is(checkpoint: Checkpoint) -> None:
    app(PAGE, **MINE, source="3", on_do="matrix,40,2,9;layer-1,2,3,4")
    source, reference = ids(checkpoint)
    other = app("pages/220_machine_parts.py", **MINE)
    total = float(log_probability(checkpoint.model, source, reference))
    assert f"{total:.1f}".replace("-", "−") in said(other)


def test_every_depth_is_filled() -> None:
    for what in ("embedding", "layer", "weight"):
        stands_at_every_depth(app(PAGE, **MINE, on_what=what, on_do="layer-1,2,3,4"))
    stands_at_every_depth(app(PAGE, **MINE, on_view="chances", on_do="layer-1,2,3,4"))
