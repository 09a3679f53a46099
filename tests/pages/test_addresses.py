"""Numbers in an address: what is none, or too large, is as if it were not there; and what was chosen stays."""

from pathlib import Path

import pytest

from tests.apps import app, trouble
from tests.pages.test_every_page import BORING, PAGES
from ui.session.kept import BOUND, HELD, within

NONE = ("inf", "-inf", "nan", "1e999", "9" * 400, "", "one", "-1")
FIELDS = {"pr_seed": "pages/260_predict.py", "dt_seed": "pages/230_detective.py"} | {
    f"train_{name}": "pages/300_train.py" for name in ("seed", "heads", "warm_up", "dropout", "epochs", "peak_rate")
}


@pytest.mark.parametrize("key", FIELDS)
def test_a_number_field_begins_with_its_default_if_the_address_has_none(key: str) -> None:
    usual = app(FIELDS[key], text=BORING[0]).number_input(key=key).value
    for asked in NONE:
        test = app(FIELDS[key], text=BORING[0], **{key: asked})
        assert trouble(test) == []
        assert test.number_input(key=key).value == usual, asked


@pytest.mark.parametrize("asked", ["inf", "nan", "9" * 400])
@pytest.mark.parametrize("page", PAGES)
def test_nothing_in_an_address_is_taken_for_a_number_that_is_none(folders: Path, page: str, asked: str) -> None:
    """Whatever the page keeps in the address."""
    state = app(page, text=BORING[0]).session_state
    keys = {*state[HELD], *state[BOUND]} - {"text", "french", "lang"}
    assert len(keys) >= 4
    assert trouble(app(page, text=BORING[0], **dict.fromkeys(keys, asked))) == []


@pytest.mark.parametrize(
    ("key", "asked"), [("pr_seed", 12), ("dt_seed", 12), ("train_heads", 3), ("train_dropout", 0.25)]
)
def test_a_number_comes_from_the_address_and_is_there_again_after_another_page(key: str, asked: float) -> None:
    test = app(FIELDS[key], text=BORING[0], **{key: str(asked)})
    assert test.number_input(key=key).value == asked
    assert type(test.number_input(key=key).value) is type(asked)
    usual = app(FIELDS[key], text=BORING[0]).number_input(key=key).value
    test.number_input(key=key).set_value(other := asked * 2).run()
    test.switch_page("pages/10_tokens.py").run()
    test.switch_page(FIELDS[key]).run()
    assert trouble(test) == []
    assert test.number_input(key=key).value == other != usual


def test_a_number_is_whole_where_its_least_is() -> None:
    assert [within(text, 1, 9) for text in ("1", "9", "2.0", "10", "0", "nan", "x")] == [
        1,
        9,
        2,
        None,
        None,
        None,
        None,
    ]
    assert within("0.5", 0.0, 1.0) == 0.5
