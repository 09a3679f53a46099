"""The file of a model, taken apart and put together, and how one is refused."""

import io
import zipfile
from pathlib import Path

import pytest

from transformer.shelf.archive import ArchiveError, unpack

SIZES = {"d_model": 10, "heads": 5, "encoder_layers": 1, "decoder_layers": 2, "d_ff": 7, "max_positions": 23}
CARD_OF = {"training": {"steps": 7, "validation": {"bleu": 12.5}}, "corpora": [{"name": "été", "pairs": {"train": 3}}]}
Entries = dict[str, bytes]


def opened(file: bytes) -> Entries:
    """What is in a zip."""
    with zipfile.ZipFile(io.BytesIO(file)) as found:
        return {name: found.read(name) for name in found.namelist()}


def zipped(entries: Entries, method: int = zipfile.ZIP_STORED) -> bytes:
    """A zip of these."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return file.getvalue()


def refused(file: bytes, shelf: Path, words: str, **more: int) -> None:
    """Refused with one sentence, and nothing is left on the shelf."""
    before = sorted(shelf.rglob("*")) if shelf.exists() else []
    with pytest.raises(ArchiveError, match=words) as refusal:
        unpack(file, shelf, "evil", **more)
    said = str(refusal.value)
    assert "\n" not in said
    assert said.endswith(".")
    assert len(said) < 400
    assert str(shelf) not in said
    assert (sorted(shelf.rglob("*")) if shelf.exists() else []) == before
