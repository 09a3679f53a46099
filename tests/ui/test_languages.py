"""Every interface string is in the catalogue, and a language can be added without touching code."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests import ROOT
from tests.apps import app
from ui import text

CATALOGUE = ROOT / "ui" / "locale" / "atlas.pot"


def used() -> set[str]:
    """The strings that the code hands to `_`."""
    found = [message[1] for message in extract_from_file("python", str(ROOT / "home.py"))]
    for folder in ("pages", "ui"):
        found += [message[2] for message in extract_from_dir(str(ROOT / folder))]
    return {str(message) for message in found}


def test_the_catalogue_holds_every_string_and_no_other() -> None:
    with CATALOGUE.open("rb") as file:
        held = {str(message.id) for message in read_po(file) if message.id}
    assert used() - held == set(), "run `make messages`"
    assert held - used() == set(), "run `make messages`"


def test_no_string_is_put_together_before_it_is_looked_up() -> None:
    """`_(f"...")` can never be found in a catalogue."""
    for file in [ROOT / "home.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "ui").rglob("*.py")]:
        assert '_(f"' not in file.read_text("utf-8"), file.name


@pytest.fixture
def translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The app with one more language, of which one string and one lesson are translated."""
    for name in ("lessons", "assets"):
        (tmp_path / name).symlink_to(ROOT / "ui" / name) if name == "assets" else (tmp_path / name).mkdir()
    (tmp_path / "lessons" / "en").symlink_to(ROOT / "ui" / "lessons" / "en")
    (tmp_path / "lessons" / "ko").mkdir()
    home = (ROOT / "ui" / "lessons" / "en" / "home.md").read_text("utf-8")
    (tmp_path / "lessons" / "ko" / "home.md").write_text(home.replace("# Home", "# 처음", 1), "utf-8")
    catalogue = Catalog(locale="ko")
    catalogue.add("English sentence", "영어 문장")
    folder = tmp_path / "locale" / "ko" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "atlas.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(text, "HERE", tmp_path)
    monkeypatch.setattr(text, "LESSONS", tmp_path / "lessons")
    text._catalogue.cache_clear()
    yield tmp_path
    text._catalogue.cache_clear()


def test_another_language_needs_no_code(translated: Path) -> None:
    test = app(lang="ko")
    assert not test.exception
    assert test.text_input(key="text").label == "영어 문장"
    assert test.selectbox(key="lang").value == "ko"
    assert any("처음" in element.proto.body for element in test.get("html"))
    assert test.selectbox(key="checkpoint").label == "Model", "what is not translated stays English"


def test_an_unknown_language_is_english() -> None:
    test = app(lang="xx")
    assert not test.exception
    assert test.text_input(key="text").label == "English sentence"
