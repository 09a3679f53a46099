"""Class corpus: what is kept of the class's pairs, who may remove it, and that nobody waits for the long ones."""

from pathlib import Path

import pytest

from pages.class_corpus import keep, pairs, words
from tests.apps import app, trouble
from transformer import jobs
from transformer.corpora import CorpusError, Pair
from transformer.corpora.table import corpus_of, read_table
from transformer.jobs import JobError
from transformer.shelf.archive import digest
from ui.training import people

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE = "pages/320_class_corpus.py"
HI, YES = (corpus_of(read_table(text), "ours") for text in (b"Hi.\tSalut.\n", b"Yes.\tOui.\n"))


def test_what_the_queue_refuses_is_not_kept(empty_shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused fine-tunings left corpora behind that nobody could remove and everybody saw."""

    def refuse(*_: object) -> None:
        raise JobError("The queue is full.")

    monkeypatch.setattr(jobs, "submit", refuse)
    test = app(PAGE)
    test.button(key="class_start").click().run()
    assert "The queue is full" in "".join(each.value for each in test.error)
    assert keep.kept(empty_shelf) == []


def test_pairs_can_be_removed_by_who_kept_them(empty_shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "here", lambda: False)
    mine, other = (
        keep.keep(empty_shelf, "mine", HI, digest("me" * 20)),
        keep.keep(empty_shelf, "mine", HI, digest("you")),
    )
    assert other == mine, "the same pairs are kept once, for whoever came first"
    other = keep.keep(empty_shelf, "other", YES, digest("you"))
    monkeypatch.setattr(people, "cookie", lambda: "me" * 20)
    test = app(PAGE)
    test.selectbox(key="class_kept").set_value("other").run()
    assert not [button for button in test.button if button.key == "class_remove"]
    test.selectbox(key="class_kept").set_value("mine").run()
    test.button(key="class_remove").click().run()
    assert trouble(test) == []
    assert keep.kept(empty_shelf) == [other]
    assert not keep.beside(mine).exists()


def test_only_so_many_files_are_kept(empty_shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep, "MOST", 1)
    keep.keep(empty_shelf, "one", HI)
    with pytest.raises(CorpusError, match="1 files of pairs are kept on this server already"):
        keep.keep(empty_shelf, "two", YES)


def test_long_pairs_do_not_make_everybody_wait(empty_shelf: Path) -> None:
    """2,050 pairs of 399 syllables took 18 seconds: only the first of them are looked at."""
    found = tuple(Pair("가" * 399, f"{number} " + "나" * 390) for number in range(2050))
    assert 100 <= len(words.looked_at(found)) <= 130
    assert len(words.looked_at(found[:3])) == 3
    assert len(words.looked_at((Pair("x" * 200_000, "y"),))) == 1
    lines = pairs.read(b",\n" * 2_400_000)
    assert "more than 200,000 lines" in lines.said
