"""A toy among the systems, and a shelf of its own."""

import sys
from pathlib import Path
from types import ModuleType

import pytest
from lightning_fabric import Fabric

import systems
from systems import shelf
from tests.systems import toy
from transformer import checkpoint
from transformer.training.course import descent

LINE = "--epochs 6 --batch 32 --peak-rate 0.05 --warm-up 5 --snapshots 4 --validation 30"


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The toy's kinds and corpus are known; the folder of the runs."""
    room, module = ModuleType("systems.toys"), ModuleType("systems.toys.toy")
    module.__dict__.update({"Toy": toy.Toy, "Other": toy.Other, "load": toy.load, "NAME": toy.NAME})
    room.__dict__.update({"RECIPES": {kind: {toy.NAME: LINE} for kind in toy.TABLE}, "__path__": []})
    monkeypatch.setitem(sys.modules, "systems.toys", room)
    monkeypatch.setitem(sys.modules, "systems.toys.toy", module)
    for kind, each in toy.TABLE.items():
        monkeypatch.setitem(systems.KINDS, kind, each)
    monkeypatch.setitem(systems.CORPORA, toy.NAME, "toys.toy")
    monkeypatch.setattr(checkpoint, "FOLDERS", (tmp_path / "pretrained", tmp_path / "runs"))
    monkeypatch.setattr(shelf, "SHIPPED", tmp_path / "pretrained")
    monkeypatch.setattr(descent, "SAVE_SECONDS", 1000.0)
    fabric = Fabric(accelerator="cpu", devices=1)
    monkeypatch.setattr("systems.training.run.make_fabric", lambda *_args, **_named: fabric)
    monkeypatch.setattr("torch.utils.tensorboard.SummaryWriter", Silent)
    return tmp_path / "runs"


class Silent:
    """Writes nothing."""

    def __init__(self, _folder: str) -> None:
        pass

    def add_scalar(self, *_: object) -> None:
        """Nothing."""
