"""The palette that is chosen in the sidebar: every page draws with it, the next page keeps it, an address may ask for it."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from figures import theme
from tests.apps import PAGES, app, sent, trouble
from ui.frame.sidebar import PALETTE

GREY, USUAL = (
    (theme.sequential("light-grey"), theme.diverging("light-grey")),
    (theme.sequential("light"), theme.diverging("light")),
)


def scales(test: AppTest) -> list[Any]:
    """The colours of every heat map on the page that is coloured by value."""
    figures = [json.loads(step["figure"]) for data in sent(test) if "steps" in data for step in data["steps"]]
    found = [trace["colorscale"] for figure in figures for trace in figure["data"] if trace["type"] == "heatmap"]
    return [scale for scale in found if scale in (*GREY, *USUAL)]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_draws_with_it(page: str) -> None:
    test = app(page, palette="grey", checkpoint="grammar-en-fr")
    assert trouble(test) == []
    assert all(scale in GREY for scale in scales(test))


def test_it_is_chosen_in_the_sidebar_and_kept_on_the_next_page() -> None:
    test = app("pages/90_cross_attention.py")
    assert scales(test)
    assert all(scale in USUAL for scale in scales(test))
    test.sidebar.selectbox(f"pick_{PALETTE}").select("grey").run()
    assert scales(test)
    assert all(scale in GREY for scale in scales(test))
    test.switch_page("pages/50_one_head.py").run()
    assert scales(test)
    assert all(scale in GREY for scale in scales(test))


def test_a_palette_that_does_not_exist_is_the_usual_one() -> None:
    test = app("pages/90_cross_attention.py", palette="pink")
    assert trouble(test) == []
    assert scales(test)
    assert all(scale in USUAL for scale in scales(test))
