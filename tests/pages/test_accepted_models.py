"""Whatever model passes the checks of an upload can be shown: on every page there is a picture or a sentence, never a traceback."""

from pathlib import Path

import pytest
import torch

import transformer.checkpoint
from tests.apps import PAGES, app, pictures, trouble
from tests.small_models import untrained
from transformer.shelf.archive import pack, unpack
from transformer.tokenizer import Tokenizer

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
SIZES = {  # the least and the most that may be uploaded, in what the pages compute with
    "zero": {"d_model": 2, "heads": 1, "encoder_layers": 1, "decoder_layers": 1, "d_ff": 1, "max_positions": 40},
    "deep": {"d_model": 8, "heads": 8, "encoder_layers": 12, "decoder_layers": 12, "d_ff": 1, "max_positions": 40},
}
CARD = {
    "corpora": [{"name": "see https://evil.example/x", "title": "www.evil.example", "licence": "me@evil.example"}],
    "training": {"validation": {"bleu": 9e14, "exact_match": -9e14}, "recipe": {"base": "/etc", "corpus": "../.."}, "steps": 9 * 10**14},
}  # fmt: skip


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    """The models as they were uploaded."""
    shelf = tmp_path_factory.mktemp("runs")
    for name, sizes in SIZES.items():
        model = untrained(tokenizer, **sizes)
        if name == "zero":
            for parameter in model.parameters():
                if parameter is not model.matrix:
                    torch.nn.init.zeros_(parameter)
        made = tmp_path_factory.mktemp("made") / name
        transformer.checkpoint.save(made, model, tokenizer, CARD)
        unpack(pack(made), shelf, name)
    return shelf


@pytest.mark.parametrize("model", SIZES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_stands(folders: Path, page: str, model: str) -> None:
    test = app(page, text="I see the dog.", checkpoint=model, search="greedy", depth="numbers")
    assert trouble(test) == []
    assert pictures(test) >= 2 or test.info or test.caption
    assert not [each.value for each in test.markdown if "evil.example" in each.value and "\u2060" not in each.value]
