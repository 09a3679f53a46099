"""A file brought along may be called anything, also what no file system would take. (A NUL never comes so far: `tests/hosting/test_held.py`.)"""

from pathlib import Path

import pytest

from tests.apps import app, trouble
from transformer import checkpoint
from transformer.shelf import archive

NAMES = ("..", "a/b", "\x01\x1b[31m", "a" * 300)


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_model_and_pairs_under_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    packed = archive.pack(checkpoint.FOLDERS[0] / "grammar-en-fr")
    monkeypatch.setattr(checkpoint, "FOLDERS", (checkpoint.FOLDERS[0], tmp_path / "runs"))
    models = app("pages/340_models.py")
    models.file_uploader[0].set_value((f"{name}.zip", packed, "application/zip")).run()
    assert trouble(models) == []
    pairs = app("pages/320_class_corpus.py", class_from="file")
    pairs.file_uploader(key="class_upload").set_value((f"{name}.tsv", b"I see.\tJe vois.\n" * 3, "text/plain")).run()
    assert trouble(pairs) == []
    kept = [path for path in (tmp_path / "runs").iterdir() if path.is_dir() and not path.name.startswith(".")]
    assert len(kept) == 1, "the model is on the shelf, and nowhere else"
    assert kept[0].name.isprintable()
