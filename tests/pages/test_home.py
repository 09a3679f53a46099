"""Home: what it says of the model."""

from pathlib import Path

import pytest

from figures.theme import TOKEN_COLOURS
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


def test_the_machine_stands_first_with_the_pieces_in_their_colours(folders: Path) -> None:
    test = app(text="Grandmothers see the dog.", search="greedy")
    assert trouble(test) == []
    machine = next(each for each in sent(test) if "likely" in each)
    assert [piece["colour"] for piece in machine["pieces"]["encoder"]][:3] == list(TOKEN_COLOURS[:3])
    assert len(machine["pieces"]["written"]) == len(machine["likely"]) == len(machine["texts"]) - 1
    assert machine["texts"][0] == ""
    assert machine["texts"][-1] != ""
