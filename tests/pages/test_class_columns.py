"""Class corpus: which columns of a file are taken is shown before anything is learned, and can be put right."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.class_corpus import markup, sides
from tests.apps import app, html, trouble

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE = "pages/320_class_corpus.py"


def test_the_columns_that_are_taken_are_shown_and_can_be_chosen_otherwise(empty_shelf: Path) -> None:
    """By their names and by what they hold; the other choice feeds the pairs, swapped languages too; another file begins anew."""
    test = app(PAGE, class_from="file")
    upload(test, "three.csv", "id,french,english\n1,Bonjour.,Good morning.\n2,Oui.,Yes.\n")
    source, target = (test.selectbox(key=key) for key in sides.KEYS)
    assert (source.value, target.value) == (2, 1)
    assert source.options[2] == "3. english: Good morning."
    test.selectbox(key="class_source").set_value(1).run()
    assert [test.selectbox(key=key).value for key in sides.KEYS] == [1, 2], "the two are swapped"
    assert "Bonjour" in table_of(test).partition("Good")[0], "the source stands first"
    test.selectbox(key="class_target").set_value(0).run()
    assert [test.selectbox(key=key).value for key in sides.KEYS] == [1, 0]
    assert "Good" not in table_of(test), "whoever chooses the numbers gets the numbers"
    upload(test, "two.csv", "sep=;\nAnglais;Français\nYes.;Oui.\nNo.;Non.\n")
    assert [test.selectbox(key=key).value for key in sides.KEYS] == [0, 1]
    assert any("Pairs: 2" in each.value.replace("\\", "") for each in test.markdown)
    assert trouble(test) == []


def test_two_typed_columns_leave_nothing_to_choose(empty_shelf: Path) -> None:
    test = app(PAGE)
    assert not [box for box in test.selectbox if box.key in sides.KEYS]
    test.text_area(key="class_text").set_value("id, english, french\n1, Good morning., Bonjour.\n2, Yes., Oui.").run()
    assert [test.selectbox(key=key).value for key in sides.KEYS] == [1, 2]
    assert trouble(test) == []


def upload(test: AppTest, name: str, content: str) -> None:
    """Put a file into its place."""
    test.file_uploader(key="class_upload").set_value((name, content.encode(), "text/plain")).run()


def table_of(test: AppTest) -> str:
    """What the table of the pairs says, without the bars in its words."""
    return re.sub("<[^>]+>", "", next(body for body in html(test) if "<table" in body).replace(markup.BAR, ""))
