"""Small models of scenes, untrained, on a shelf of their own: for the pages that show such models."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
import torch

import systems.shelf
import transformer.checkpoint
from systems import class_of
from systems.scenes.asked import ConvolutionSizes
from systems.scenes.soft import CaptionSizes
from systems.scenes.vit import VisionSizes
from ui.session import systems as opened
from ui.session.state import Origin

CAPTIONS = CaptionSizes(channels=3, d_annotation=10, d_state=12, d_word=6, d_look=8)
SIZES = {
    "captions-soft": CAPTIONS, "captions-hard": CAPTIONS, "cnn": ConvolutionSizes(channels=3, d_model=8, d_word=4, d_answer=8),
    "vit": VisionSizes(layers=2, heads=2, d_model=12, d_ff=16),
}  # fmt: skip
TEN = "-".join(["rcl2424"] * 5 + ["bss2525"] * 5)


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one of each kind, whose numbers are far from zero."""
    folder = tmp_path_factory.mktemp("scenes")
    for kind, sizes in SIZES.items():
        torch.manual_seed(4)
        model = class_of(kind)(sizes, class_of(kind).words_of((), sizes))
        for parameter in model.parameters():
            if parameter.dim() == 1 or not parameter.any():
                torch.nn.init.normal_(parameter, std=0.5)
        (folder / kind).mkdir()
        card = {
            "corpora": [{"name": "scenes"}],
            "training": {},
            "test": {"examples": 9, "exact": 50.0, "baseline": 10.0},
        }
        systems.shelf.save(folder / kind, kind, model, card)
    return folder


@pytest.fixture
def only_scenes(scenes: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Only these models, and no numbers remembered."""
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (scenes,))
    monkeypatch.setattr(systems.shelf, "SHIPPED", tmp_path)
    yield scenes
    st.cache_data.clear()
    st.cache_resource.clear()


def origin(folder: Path, kind: str) -> Origin:
    """One of them, as the caches know it."""
    return opened.origin_of(folder / kind)
