"""Home: what it says of the model."""

import json
from pathlib import Path

import pytest

from tests.apps import app, sent, trouble
from tests.small_models import small_checkpoint
from transformer.tokenizer import Tokenizer

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    """A model that was measured on sentences as they are, and in capitals later."""
    shelf = tmp_path_factory.mktemp("runs")
    small_checkpoint(shelf / "one", tokenizer, evaluations=[{"bleu": 51.5}, {"bleu": 33.25, "typed": "capitals"}])
    return shelf


def test_the_score_is_that_of_sentences_as_they_are(folders: Path) -> None:
    test = app(text="I see the dog.", search="greedy")
    assert trouble(test) == []
    assert [each.value for each in test.metric if each.label == "BLEU"] == ["51.5"]


def test_a_word_of_the_picture_has_the_colour_of_its_first_chip(folders: Path) -> None:
    """Also behind a word that is cut into pieces."""
    test = app(text="Grandmothers see the dog.", search="greedy")
    assert trouble(test) == []
    strip = next(each for each in sent(test) if "source" in each)["source"]
    figure = json.loads(next(each for each in sent(test) if "steps" in each)["steps"][0]["figure"])
    bars = next(trace for trace in figure["data"] if trace["type"] == "bar" and "line" in trace["marker"])
    first = [chip["colour"] for chip in strip if chip["begins"] or not chip["text"][0].isalnum()]
    assert len(strip) > len(bars["y"]), "a word is cut"
    assert bars["marker"]["line"]["color"] == first
