"""The gradients on the train page without a browser: the map of a training, what a cell says, and what is said where there is none."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.train import form, gradients
from tests.apps import app, html, sent, trouble, unfold
from tests.pages.trainings import Submitted, trained
from transformer.checkpoint import load
from transformer.tokenizer import Tokenizer
from transformer.training.history import FILE, Gradients
from transformer.what_if import MISSING

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest

PAGE, STEPS = "pages/300_train.py", (1, 3, 9, 40)


def recorded(shelf: Path, tokenizer: Tokenizer) -> list[Gradients]:
    """A training with gradients that fall from the loss to the embedding, the first two steps clipped."""
    trained(shelf, tokenizer)
    names = dict.fromkeys(name.rpartition(".")[0] or name for name, _ in load(shelf / "mine").model.named_parameters())
    looks = []
    for number, step in enumerate(STEPS):
        parts = {name: 2.0 * 0.8 ** (place + 6 * number) for place, name in enumerate(reversed(names))}
        norm = math.sqrt(sum(size**2 for size in parts.values()))
        looks.append(Gradients(step=step, share=step / 80, norm=norm, clipped=norm > 1, parts=parts))
    with (shelf / "mine" / FILE).open("a") as file:
        file.write("".join(look.line() for look in looks))
    return looks


def figure(test: AppTest) -> dict[str, object]:
    """The map of the gradients."""
    [found] = [
        json.loads(step["figure"]) for data in sent(test) for step in data.get("steps", []) if data.get("name") == "train_gradients"
    ]  # fmt: skip
    return found  # type: ignore[no-any-return]


def test_the_map_shows_what_was_recorded_from_the_loss_to_the_embedding(
    empty_shelf: Path, tokenizer: Tokenizer
) -> None:
    looks = recorded(empty_shelf, tokenizer)
    test = app(PAGE, train_view="gradients")
    assert trouble(test) == []
    trace, line, clipped = figure(test)["data"]  # type: ignore[misc]
    rows = trace["meta"]["cells"]["rows"]
    assert len(rows) == len(looks[0].parts) == len(set(rows))
    assert rows[0] == "Decoder 2, FFN, LayerNorm"
    assert rows[-1] == "Embedding, E"
    assert [row for row in rows if row.startswith("Encoder 1, Self")] == [
        f"Encoder 1, Self, {name}" for name in ("LayerNorm", "W_O", "W_V", "W_K", "W_Q")
    ]
    whole = [[float(f"{look.parts[name]:.4g}") for look in looks] for name in looks[0].parts]
    np.testing.assert_allclose(sorted(trace["text"]), sorted(whole))
    row = rows.index("Decoder 1, Cross, W_K")
    assert trace["text"][row][2] == pytest.approx(looks[2].parts["decoder_layers.0.cross_attention.W_K"], rel=1e-3)
    assert trace["meta"]["cells"]["columns"] == [str(step) for step in STEPS]
    assert line["y"] == pytest.approx([look.norm for look in looks])
    assert clipped["x"] == [place for place, look in enumerate(looks) if look.norm > 1]


def test_a_cell_says_its_number_and_what_clipping_made_of_it(empty_shelf: Path, tokenizer: Tokenizer) -> None:
    looks = recorded(empty_shelf, tokenizer)
    test = app(PAGE, train_view="gradients", grad_matrix="1", grad_step="1")
    assert trouble(test) == []
    said = next(text for text in html(test) if "Decoder 2, FFN, W_2" in text)
    assert gradients.brief(looks[0].parts["decoder_layers.1.feed_forward.W_2"]) in said
    assert f"<b>{1 / looks[0].norm:.3f}</b>" in said
    later = app(PAGE, train_view="gradients", grad_matrix="1", grad_step="39")
    said = next(text for text in html(later) if "Decoder 2, FFN, W_2" in text)
    assert "step <b>9</b>" in said, "the last look that was not after it"
    assert ("not clipped" in said) == (not looks[2].clipped)


def test_without_a_cell_it_says_what_arrives_below(empty_shelf: Path, tokenizer: Tokenizer) -> None:
    look = recorded(empty_shelf, tokenizer)[-1]
    said = next(text for text in html(app(PAGE, train_view="gradients")) if "Clipped: " in text)
    for name, layer in (("Decoder 2", "decoder_layers.1."), ("Encoder 1", "encoder_layers.0.")):
        size = math.sqrt(sum(part**2 for module, part in look.parts.items() if module.startswith(layer)))
        shown = float(said.partition(f"{name} has " if name == "Decoder 2" else f"{name} ")[2].split()[0].rstrip(".,"))
        assert shown == pytest.approx(size, abs=1e-4)


def test_a_run_of_older_code_says_that_it_has_none(empty_shelf: Path, tokenizer: Tokenizer) -> None:
    trained(empty_shelf, tokenizer)
    test = app(PAGE, train_view="gradients")
    assert trouble(test) == []
    assert any("No gradients were recorded" in each.value for each in test.caption)


@pytest.mark.parametrize(
    "asked",
    [{"grad_matrix": "999", "grad_step": "3"}, {"grad_matrix": "x"}, {"grad_matrix": "0", "grad_step": "99999999"}],
)
def test_an_address_can_ask_for_any_cell(empty_shelf: Path, tokenizer: Tokenizer, asked: dict[str, str]) -> None:
    recorded(empty_shelf, tokenizer)
    assert trouble(unfold(app(PAGE, train_view="gradients", **asked), "numbers", "formula", "code")) == []


def test_names_that_are_none_of_the_model_s_are_left_out(empty_shelf: Path, tokenizer: Tokenizer) -> None:
    recorded(empty_shelf, tokenizer)
    odd = Gradients(step=41, share=0.6, norm=float("nan"), clipped=False, parts={"<b>": 1.0, "matrix": float("inf")})
    with (empty_shelf / "mine" / FILE).open("a") as file:
        file.write(odd.line())
    test = app(PAGE, train_view="gradients", grad_matrix="2", grad_step="41")
    assert trouble(test) == []
    assert "<b>" not in str(figure(test)["data"])
    assert any("has no gradient at step" in said for said in html(test))


def test_a_model_can_be_trained_without_a_part(submitted: Submitted) -> None:
    assert set(form.parts()) == {form.NOTHING, *MISSING}
    test = app(PAGE, train_more="true")
    test.selectbox(key="pick_train_without").select("residual").run()
    assert trouble(test) == []
    test.button(key="train_start").click().run()
    [(name, arguments, _token)] = submitted
    assert name == "my-grammar-without-residual"
    assert arguments[arguments.index("--without") + 1] == "residual"
    assert "--without" not in parsed_before(submitted)


def parsed_before(submitted: Submitted) -> tuple[str, ...]:
    """What the same form asks for a whole model."""
    test = app(PAGE)
    test.button(key="train_start").click().run()
    return submitted[-1][1]
