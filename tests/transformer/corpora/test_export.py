"""What is exported and reported of a corpus, and whose it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.transformer.corpora.tatoeba import FAKE_TEXT
from transformer.commands import main
from transformer.corpora import SPLITS, Corpus, Pair, load_corpus, tatoeba_en_fr
from transformer.corpora.export import export
from transformer.corpora.grammar_en_fr import generate
from transformer.corpora.table import read_table


def test_an_export_is_the_splits_and_a_note_on_whose_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    corpus = Corpus(name="small", title="Small", licence="MIT", attribution="us", pairs=generate(seed=1, count=400))
    assert export(corpus, folder) == export(corpus, folder)  # an earlier export may be replaced
    assert {file.name for file in folder.iterdir()} == {"train.tsv", "validation.tsv", "test.tsv", "README.md"}
    for split in SPLITS:
        file = folder / f"{split}.tsv"
        rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
        read = tuple(Pair(row[0], row[1], tuple(links(row[2]))) for row in rows)
        assert read == corpus.split(split)
        assert len(read_table(file).pairs) == len(read)
    note = (folder / "README.md").read_text(encoding="utf-8")
    assert all(part in note for part in (corpus.title, corpus.licence, corpus.attribution, corpus.sha256, "Pharaoh"))


def links(pharaoh: str) -> Iterator[tuple[int, int]]:
    for link in pharaoh.split():
        source, target = link.split("-")
        yield int(source), int(target)


def test_an_export_of_tatoeba_carries_its_licence(cache: Path) -> None:
    tatoeba_en_fr.keep(FAKE_TEXT.encode(), "here")
    note = export(load_corpus("tatoeba-en-fr"), cache / "exported")[-1].read_text(encoding="utf-8")
    assert "CC-BY 2.0 France" in note
    assert "manythings.org/anki" in note
    assert "Pharaoh" not in note


def test_an_export_leaves_other_files_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (mine := tmp_path / "train.tsv").write_text("Hi.\tSalut.\n")
    for place in (tmp_path, mine):
        assert main(["corpus", str(mine), "--export", str(place)]) == 1
        assert "Give a" in capsys.readouterr().err
    assert [file.read_text() for file in tmp_path.iterdir()] == ["Hi.\tSalut.\n"]
    assert main(["corpus", str(mine), "--export", str(tmp_path / "new")]) == 0
    assert capsys.readouterr().out.splitlines()[0] == str(tmp_path / "new" / "train.tsv")


def test_the_summary_of_a_file_says_what_was_dropped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("en,fr\nHi,Salut\none\ntwo\n\nthree\nYes,Oui\n", encoding="utf-8")
    assert main(["corpus", str(file)]) == 0
    assert "3 one column (nothing between English and French): lines 3-4, 6\n" in capsys.readouterr().out
    assert main(["corpus", str(file), "--report"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "line 3: one column (nothing between English and French)"


def test_a_generated_corpus_drops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["corpus", "grammar-en-fr", "--report"]) == 0
    assert "no line is dropped" in capsys.readouterr().out


def test_file_is_wrong_usage_with_another_corpus(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["corpus", "grammar-en-fr", "--file", "fra.txt"])
    assert "--file imports a copy of tatoeba-en-fr" in capsys.readouterr().err
