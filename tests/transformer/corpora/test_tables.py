"""Any TSV or CSV of two columns: what is a pair, and that every other line is reported with its number and reason."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transformer.corpora import CorpusError, Pair, open_corpus, table
from transformer.corpora.table import EXPLANATIONS, Dropped, Table, corpus_of, read_table
from transformer.text import clean

BOM = "\ufeff".encode()


def sides(found: Table) -> list[tuple[str, str]]:
    return [(pair.source, pair.target) for pair in found.pairs]


def reasons(found: Table) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in found.dropped]


@pytest.mark.parametrize(
    ("content", "pairs"),
    [
        ("Hi.\tSalut.\n", [("Hi.", "Salut.")]),
        ("Hi.\tSalut.", [("Hi.", "Salut.")]),
        ("Hi.\tSalut.\r\nYes.\tOui.\r\n", [("Hi.", "Salut."), ("Yes.", "Oui.")]),
        ("Hi.\tSalut.\rYes.\tOui.\r", [("Hi.", "Salut."), ("Yes.", "Oui.")]),
        ("Hi, you; there.\tSalut, toi ; là.\n", [("Hi, you; there.", "Salut, toi ; là.")]),
        ("Hi.,Salut.\n", [("Hi.", "Salut.")]),
        (
            "Yes, I do.;Oui, je le veux.\nNo, no.;Non, non.\n",
            [("Yes, I do.", "Oui, je le veux."), ("No, no.", "Non, non.")],
        ),
        ('"Hi, you","Salut, toi"\n', [("Hi, you", "Salut, toi")]),
        ('"Hi, you", "Salut, toi"\n', [("Hi, you", "Salut, toi")]),
        ('"Say ""hi"".",Dis « salut ».\n', [('Say "hi".', 'Dis "salut".')]),
        ('He said "hi".,Il a dit « salut ».\n', [('He said "hi".', 'Il a dit "salut".')]),
        ('He said "hi.\tIl a dit.\n"\tguillemet\n', [('He said "hi.', "Il a dit."), ('"', "guillemet")]),
        ("Hi.\tSalut !\tCC-BY 2.0 (France) Attribution: tatoeba.org #1 (a) & #2 (b)\n", [("Hi.", "Salut !")]),
        ("Hi.,Salut.,anything\nYes.,Oui.,\n", [("Hi.", "Salut."), ("Yes.", "Oui.")]),
        ("Hi.,Salut.,,\n", [("Hi.", "Salut.")]),
        ("  Hi   there. \t Salut\u202f!\u2009\n", [("Hi there.", "Salut !")]),
        ("안녕하세요.\tBonjour.\n", [("안녕하세요.", "Bonjour.")]),
    ],
)
def test_two_columns_are_a_pair(content: str, pairs: list[tuple[str, str]]) -> None:
    for text in (content.encode(), BOM + content.encode()):
        assert sides(read_table(text)) == pairs
        assert read_table(text).dropped == ()


@pytest.mark.parametrize(
    "header", ["english,french", "English,Français", "source\ttarget", "en;fr", '"SRC","TGT"', "Korean\tEnglish"]
)
def test_the_names_of_the_columns_are_no_pair_on_the_first_line_only(header: str) -> None:
    separator = next(mark for mark in "\t;," if mark in header)
    rows = f"{header}\nHi.{separator}Salut.\n{header}\n".encode()
    for content in (rows, BOM + rows):
        found = read_table(content)
        assert reasons(found) == [(1, "header")]
        assert [lines.start for lines in found.lines] == [2, 3]


@pytest.mark.parametrize(
    "lines",
    [
        ["sep=;", "Anglais;Français", "Hi.;Salut.", "Yes.;Oui."],
        ["English sentence,French sentence", "Hi.,Salut.", "Yes.,Oui."],
        ["Source text\tTarget text", "Hi.\tSalut.", "Yes.\tOui."],
        ["English (US);French", "Hi.;Salut.", "Yes.;Oui."],
        ["French,English", "Salut.,Hi.", "Oui.,Yes."],
        ["id,english,french", "1,Hi.,Salut.", "2,Yes.,Oui."],
        ["No.;Translation;Source;note", "1;Salut.;Hi.;x", "2;Oui.;Yes.;"],
        ["1,Hi.,Salut.", "2,Yes.,Oui."],
        ["Hi.\t12\tSalut.\t2019-04-07", "Yes.\t13\tOui.\t2019-04-08"],
        ["번호,영어,프랑스어", "1,Hi.,Salut.", "2,Yes.,Oui."],
    ],
    ids=" | ".join,
)
def test_columns_are_chosen_by_their_names_or_by_what_they_hold(lines: list[str]) -> None:
    found = read_table("\n".join(lines).encode())
    assert sides(found) == [("Hi.", "Salut."), ("Yes.", "Oui.")]
    assert [one.reason for one in found.dropped] == ["header"] * (len(lines) - 2)


def test_a_sentence_with_the_name_of_a_language_is_no_name_of_a_column() -> None:
    rows = [("Do you speak any English here?", "Parlez-vous un peu anglais ici ?"), ("English is hard.", "C'est dur.")]
    content = "".join(f"{source}\t{target}\n" for source, target in rows)
    assert sides(read_table(content.encode())) == rows
    assert read_table(content.encode()).dropped == ()


def test_every_dropped_line_is_reported_with_its_number_and_reason() -> None:
    lines = [
        b"Hi.\tSalut.",
        b"",
        b"alone",
        b"nothing\t",
        b"\trien",
        b"zero width\t" + "\u200b".encode(),
        b"caf\xe9\tcaf\xe9",
        b"bell\x07\tcloche",
        b"nul\x00\tnul",
        b"long\t" + b"x" * 401,
        b"Hi.\t Salut. ",
        b"Yes.\tOui.",
    ]
    found = read_table(b"\n".join(lines))
    assert sides(found) == [("Hi.", "Salut."), ("Yes.", "Oui.")]
    assert found.lines == (range(1, 2), range(12, 13))
    assert reasons(found) == [
        (2, "blank"), (3, "one column"), (4, "empty side"), (5, "empty side"), (6, "empty side"), (7, "bad encoding"),
        (8, "control characters"), (9, "control characters"), (10, "too long"), (11, "duplicate"),
    ]  # fmt: skip
    assert found.reasons["empty side"] == 3


def test_line_numbers_stay_true_after_a_quoted_line_break() -> None:
    found = read_table(b'"Hi,\nyou","Salut,\ntoi"\nalone\n\nYes.,Oui.\n')
    assert sides(found) == [("Hi, you", "Salut, toi"), ("Yes.", "Oui.")]
    assert found.lines == (range(1, 4), range(6, 7))
    assert reasons(found) == [(4, "one column"), (5, "blank")]


def test_a_quote_that_is_never_closed_costs_one_line() -> None:
    rest = "".join(f"Cat {number}.,Chat {number}.\n" for number in range(100))
    found = read_table(f'"Hi.,Salut.\n{rest}"Bye.,Au revoir.\nYes.,Oui.\n'.encode())
    assert reasons(found) == [(1, "quotes"), (102, "quotes")]
    assert len(found.pairs) == 101


def test_a_sentence_with_commas_outside_quotes_is_dropped_rather_than_cut_in_two() -> None:
    rows = "".join(f"Cat {number}.,Chat {number}.\n" for number in range(10))
    assert reasons(read_table(f"{rows}Well, yes.,Eh bien, oui.\n".encode())) == [(11, "extra columns")]


def test_a_side_may_have_exactly_as_many_characters_as_is_said() -> None:
    longest = "é" * table.MOST_CHARACTERS
    found = read_table(f"{longest}\tx\n{longest}é\tx\n".encode())
    assert sides(found) == [(longest, "x")]
    assert reasons(found) == [(2, "too long")]


def test_a_quoted_cell_larger_than_the_csv_library_takes_is_too_long() -> None:
    found = read_table(b'Hi.,Salut.\nYes.,Oui.\n"' + b"x" * 200_000 + b'",y\n')
    assert reasons(found) == [(3, "too long")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (BOM, "it is empty"),
        (b"\n \n", "2 for blank"),
        (b"one\ntwo\n\n", "2 for one column, 1 for blank"),
        (b"english\tfrench\n", "1 for header"),
        ("Hi.\tSalut.\n".encode("utf-16"), "UTF-16"),
        ("Hi.\tSalut.\n".encode("utf-16-le"), "UTF-16"),
        (b"PK\x03\x04" + bytes(100), "spreadsheet"),
        (bytes(range(256)) * 20, "not text"),
    ],
)
def test_a_content_without_pairs_is_an_error_that_says_so(content: bytes, said: str) -> None:
    with pytest.raises(CorpusError, match=said):
        read_table(content)


def test_files_are_read_like_their_content(tmp_path: Path) -> None:
    file = tmp_path / "my pairs.csv"
    file.write_bytes(content := b'en,fr\n"Hi, you",Salut\n')
    assert read_table(file) == read_table(str(file)) == read_table(content)
    corpus = open_corpus(str(file))
    assert (corpus.name, corpus.pairs) == ("my pairs", (Pair("Hi, you", "Salut"),))
    assert corpus == corpus_of(read_table(content), "my pairs.csv")


def test_a_tsv_file_is_separated_by_tabs_whatever_it_holds(tmp_path: Path) -> None:
    file = tmp_path / "pairs.tsv"
    file.write_text("Well, yes.\nWell, no.\nHi.\tSalut.\n", encoding="utf-8")
    assert reasons(read_table(file)) == [(1, "one column"), (2, "one column")]


@pytest.mark.parametrize("name", ["missing.tsv", "folder.csv", "x" * 300 + ".csv", "nul\0.csv"])
def test_what_cannot_be_read_is_an_error_that_names_it(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(CorpusError, match=r"cannot be read|is a folder"):
        open_corpus(str(tmp_path / name))


def test_too_large_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "large.tsv").open("wb") as file:
        file.truncate(table.MOST_BYTES + 1)  # a hole: takes no room
        file.seek(0)
        file.write(b"Hi.\tSalut.\n" * table.SAMPLE_BYTES)
    with pytest.raises(CorpusError, match="larger than 200 MB"):
        read_table(tmp_path / "large.tsv")
    monkeypatch.setattr(table, "MOST_LINES", 3)
    assert len(read_table(b"a\tb\nc\td\ne\tf\n").pairs) == 3
    with pytest.raises(CorpusError, match="more than 3 lines"):
        read_table(b"a\tb\nc\td\ne\tf\n\n")


def test_a_hundred_thousand_lines_take_no_more_memory_than_their_pairs(tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    file.write_text("".join(f'"Cat {number}, yes.",Chat {number}.\n' for number in range(100_000)), encoding="utf-8")
    found = read_table(file)
    assert len(found.pairs) == 100_000
    assert found.lines[-1] == range(100_000, 100_001)


def test_every_reason_is_explained() -> None:
    assert set(EXPLANATIONS) == set(table.Reason.__args__)


def lines_of(content: bytes) -> int:
    """Line ends are newlines, carriage returns, or both together; the last line may lack one."""
    text = content.removeprefix(BOM).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text.count(b"\n") + (not text.endswith(b"\n") and text != b"")


def assert_every_line_is_accounted_for(content: bytes) -> None:
    try:
        found = read_table(content)
    except CorpusError:  # and nothing else
        return
    places = [line for lines in found.lines for line in lines] + [one.line for one in found.dropped]
    assert sorted(places) == list(range(1, lines_of(content) + 1))
    assert len(set(found.pairs)) == len(found.pairs) == len(found.lines) > 0
    for pair in found.pairs:
        for side in (pair.source, pair.target):
            assert side == " ".join(side.split())
            assert 0 < len(side) <= table.MOST_CHARACTERS
            side.encode()


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_a_sentence(content: bytes) -> None:
    assert_every_line_is_accounted_for(content)


MARKS = st.sampled_from(
    ["\t", ",", ";", '"', '""', "\n", "\r\n", "\r", "a", "b", "é", " ", "\ufeff", "\u2028", "\x1c", "en"]
)


@settings(deadline=None)
@given(st.lists(MARKS, max_size=60).map("".join))
def test_any_mixture_of_separators_quotes_and_line_ends_is_accounted_for(content: str) -> None:
    assert_every_line_is_accounted_for(content.encode())
    assert_every_line_is_accounted_for(BOM + b"Hi.\tSalut.\n" + content.encode())


SENTENCES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@settings(deadline=None)
@given(st.lists(st.tuples(SENTENCES, SENTENCES), min_size=1, max_size=8, unique=True))
def test_what_the_csv_library_writes_is_read_back(rows: list[tuple[str, str]]) -> None:
    rows = [("Hi, you.", "Salut, toi."), ("I see.", "Je vois."), *([f"{side}a" for side in row] for row in rows)]
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows(rows)
    assert sides(read_table(written.getvalue().encode())) == [*dict.fromkeys(tuple(map(clean, row)) for row in rows)]


def test_dropped_lines_and_tables_are_plain_values() -> None:
    assert Dropped(3, "blank") == Dropped(3, "blank")
    assert hash(read_table(b"a\tb\n")) == hash(read_table(b"a\tb\n"))
