"""Which columns a file has, and which are taken: told as they are, whatever the file is."""

from pathlib import Path

import pytest

from transformer.corpora.columns import Columns, columns_of, columns_of_file


@pytest.mark.parametrize(
    ("text", "names", "samples", "sides"),
    [
        ("id,english,french\n1,Hi.,Salut.\n", ("id", "english", "french"), ("1", "Hi.", "Salut."), (1, 2)),
        ("sep=;\nAnglais;Français\nYes.;Oui.\n", ("Anglais", "Français"), ("Yes.", "Oui."), (0, 1)),
        ("sep=;\nYes.;Oui.\n", ("", ""), ("Yes.", "Oui."), (0, 1)),
        ("Français\tEnglish\nOui.\tYes.\n", ("Français", "English"), ("Oui.", "Yes."), (1, 0)),
        ("1\tYes.\tOui.\n2\tNo.\tNon.\n", ("", "", ""), ("1", "Yes.", "Oui."), (1, 2)),
    ],
)
def test_the_columns(text: str, names: tuple[str, ...], samples: tuple[str, ...], sides: tuple[int, int]) -> None:
    assert columns_of(text.encode(), "\t;,") == Columns(names, samples, sides)


@pytest.mark.parametrize("text", ["", "one column\nand again\n", "\xff\xfe", "sep=;\n", '"never closed\n'])
def test_where_there_is_nothing_to_choose(text: str) -> None:
    assert columns_of(text.encode("latin-1"), "\t;,") is None


def test_what_a_terminal_says(tmp_path: Path) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text("id,english,french\n1,Hi.,Salut.\n", "utf-8")
    told = "source: column 2 (english: Hi.); target: column 3 (french: Salut.)"
    assert str(columns_of_file(file)) == told
