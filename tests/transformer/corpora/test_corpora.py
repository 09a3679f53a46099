"""The corpora: what holds for every one of them, how Tatoeba's text gets here, and what is exported."""

import gzip
import hashlib
import io
import threading
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as hypothesis

from transformer.commands import main
from transformer.corpora import (
    SPLITS,
    Corpus,
    CorpusError,
    Pair,
    _files,
    fold,
    load_corpus,
    names,
    open_corpus,
    references,
    split_of,
    tatoeba_en_fr,
    words,
)
from transformer.corpora.export import export
from transformer.corpora.grammar_en_fr import generate
from transformer.corpora.table import read_table

ATTRIBUTION = "CC-BY 2.0 (France) Attribution: tatoeba.org #1 (a) & #2 (b)"
FAKE_LINES = [
    "Hi.\tSalut\u202f!",
    "Hi.\tSalut !",  # the same pair but for the kind of space
    "Hi.\tBonjour.",
    "I see the cat.\tJe vois le chat.",
    "Is she tired?\tEst-elle fatiguée\u202f?",
    "He is here.\tIl est là.",
]
FAKE_TEXT = "".join(f"{line}\n" for line in FAKE_LINES)
NEWER_TEXT = "".join(f"{line}\t{ATTRIBUTION}\n" for line in FAKE_LINES)


@pytest.fixture(autouse=True)
def real_or_given_cache(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that write a cache have their own, in which a handful of pairs is an archive."""
    if "cache" in request.fixturenames:
        monkeypatch.setattr(tatoeba_en_fr, "LEAST_PAIRS", len(FAKE_LINES))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATLAS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def available(name: str) -> Corpus:
    if name == tatoeba_en_fr.NAME and not tatoeba_en_fr.cached_file().exists():
        pytest.skip(f"{name} is not in the cache; import it with: {tatoeba_en_fr.COMMAND} --file PATH")
    return load_corpus(name)


@pytest.fixture(scope="module", params=names())
def corpus(request: pytest.FixtureRequest) -> Corpus:
    return available(request.param)


def zipped(text: str, member: str = "fra.txt") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_about.txt", "about")
        archive.writestr(member, text)
    return content.getvalue()


# Every corpus


def test_a_corpus_has_distinct_pairs_and_says_whose_they_are(corpus: Corpus) -> None:
    assert len(set(corpus.pairs)) == len(corpus.pairs) > 0
    assert corpus.name in names()
    assert "" not in (corpus.title, corpus.licence, corpus.attribution)


def test_a_corpus_is_the_same_each_time(corpus: Corpus) -> None:
    again = open_corpus(corpus.name)
    assert again == corpus
    assert again.sha256 == corpus.sha256


def test_every_pair_is_in_one_split_and_every_split_has_some(corpus: Corpus) -> None:
    splits = [corpus.split(split) for split in SPLITS]
    assert all(splits)
    assert sum(map(len, splits)) == len(corpus.pairs)
    assert set().union(*splits) == set(corpus.pairs)
    folded = [{fold(pair.source) for pair in pairs} for pairs in splits]
    assert sum(map(len, folded)) == len(set().union(*folded))  # no English sentence is in two splits


def test_a_held_out_sentence_keeps_all_its_translations(corpus: Corpus) -> None:
    everything, held_out = references(corpus.pairs), references(corpus.split("test"))
    assert held_out
    assert all(everything[source] == translations for source, translations in held_out.items())


def test_gold_links_count_the_words_of_both_sides(corpus: Corpus) -> None:
    for pair in (pair for pair in corpus.pairs if pair.links):
        source, target = (len(words(side)) for side in (pair.source, pair.target))
        assert all(0 <= i < source and 0 <= j < target for i, j in pair.links)
        assert len(set(pair.links)) == len(pair.links)


def test_sentences_have_no_white_space_but_single_spaces(corpus: Corpus) -> None:
    assert all(side == " ".join(side.split()) != "" for pair in corpus.pairs for side in (pair.source, pair.target))


def test_no_sentence_held_out_by_one_corpus_is_trained_on_in_another() -> None:
    corpora = [available(name) for name in names()]
    splits: dict[str, set[str]] = {}
    for source in {pair.source for corpus in corpora for pair in corpus.pairs}:
        splits.setdefault(fold(source), set()).add(split_of(source))
    assert {len(found) for found in splits.values()} == {1}


def test_the_split_does_not_depend_on_case_punctuation_or_spacing() -> None:
    for source in ("Tom's cat sleeps.", "Where are you going?", "I don't know"):
        assert split_of(source) == split_of(f"  {source.upper()} !") == split_of(source.replace("'", "’"))


# Small corpora hold out more


def table_of(sources: Iterable[str]) -> Corpus:
    """A corpus of the sentences, each with two translations."""
    pairs = tuple(Pair(source, f"{source} {turn}") for source in sources for turn in ("un", "deux"))
    return Corpus(name="class", title="", licence="", attribution="", pairs=pairs)


def sentences(count: int, wanted: str = "") -> list[str]:
    """That many distinct sentences; of one split of the large corpora, if that is asked for."""
    numbered = (f"The cat has {number} mice." for number in range(10**6))
    return list(islice((each for each in numbered if not wanted or split_of(each) == wanted), count))


@pytest.mark.parametrize(
    ("count", "test", "validation"),
    [
        (1, 0, 0),
        (2, 0, 0),
        (3, 1, 0),
        (4, 1, 0),
        (5, 1, 1),
        (10, 1, 1),
        (19, 1, 1),
        (20, 2, 2),
        (300, 30, 30),
        (999, 99, 99),
    ],
)
def test_a_small_corpus_holds_out_a_tenth_and_a_tenth(count: int, test: int, validation: int) -> None:
    corpus = table_of(sentences(count, "train"))
    held_out = [len({pair.source for pair in corpus.split(split)}) for split in ("test", "validation")]
    assert held_out == [test, validation]
    assert len(corpus.split("train")) == 2 * (count - test - validation)
    assert table_of(reversed(sentences(count, "train"))).split("test") == tuple(reversed_twos(corpus.split("test")))


def reversed_twos(pairs: Sequence[Pair]) -> list[Pair]:
    return [pair for first in range(len(pairs) - 2, -1, -2) for pair in pairs[first : first + 2]]


@given(hypothesis.lists(hypothesis.integers(0, 3000), min_size=3, max_size=1200, unique=True))
@settings(max_examples=40, deadline=None)
def test_a_small_corpus_still_holds_out_what_every_corpus_does(numbers: list[int]) -> None:
    corpus = table_of(f"The cat has {number} mice." for number in numbers)
    splits: dict[str, set[str]] = {}
    for pair, split in zip(corpus.pairs, corpus.splits, strict=True):
        splits.setdefault(fold(pair.source), set()).add(split)
        assert split_of(pair.source) in ("train", split) or len(numbers) < 5  # with fewer, only the test is filled up
        assert split_of(pair.source) == "train" or split != "train"
    assert {len(found) for found in splits.values()} == {1}


def test_sentences_alike_but_for_case_and_punctuation_are_in_one_split() -> None:
    alike = [f"{sentence}{mark}" for sentence in sentences(8) for mark in ("", " !", " ?")]
    corpus = table_of([*alike, *(each.upper() for each in alike)])
    for sentence in sentences(8):
        assert (
            len(
                {
                    split
                    for pair, split in zip(corpus.pairs, corpus.splits, strict=True)
                    if fold(sentence) == fold(pair.source)
                }
            )
            == 1
        )
    assert len(corpus.split("test")) == 2 * 6


def test_a_large_corpus_holds_out_by_the_hash_alone() -> None:
    corpus = table_of(sentences(1000))
    assert corpus.splits == tuple(split_of(pair.source) for pair in corpus.pairs)


def test_a_corpus_of_two_sentences_is_learned_whole_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (file := tmp_path / "two.tsv").write_text("Hi.\tSalut.\nYes.\tOui.\n", encoding="utf-8")
    assert open_corpus(str(file)).split("train") == open_corpus(str(file)).pairs
    assert main(["corpus", str(file)]) == 0
    assert "nothing is held out" in capsys.readouterr().out
    file.write_text("Hi.\tSalut.\nYes.\tOui.\nNo.\tNon.\n", encoding="utf-8")
    assert main(["corpus", str(file)]) == 0
    assert "train 2, validation 0, test 1" in (said := capsys.readouterr().out)
    assert "nothing is held out" not in said


def test_unknown_names_suggest_the_close_one() -> None:
    with pytest.raises(CorpusError, match=r"Did you mean tatoeba-en-fr\?"):
        open_corpus("tatoeba")
    with pytest.raises(CorpusError, match="There are grammar-en-fr and tatoeba-en-fr"):
        open_corpus("zzz")


# Tatoeba


def test_without_the_text_the_error_says_how_to_get_it(cache: Path) -> None:
    with pytest.raises(CorpusError, match=r"python -m transformer corpus tatoeba-en-fr --file PATH"):
        open_corpus("tatoeba-en-fr")
    assert not cache.exists()


@pytest.mark.parametrize("text", [FAKE_TEXT, NEWER_TEXT, FAKE_TEXT.replace("\n", "\r\n"), "\ufeff" + FAKE_TEXT])
@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("fra.txt", str.encode),
        ("fra.txt.gz", lambda text: gzip.compress(text.encode())),
        ("fra-eng.zip", zipped),
        ("in a folder.zip", lambda text: zipped(text, "fra-eng/fra.txt")),
    ],
)
def test_a_local_copy_is_imported_however_it_is_packed(cache: Path, text: str, name: str, packed) -> None:
    cache.parent.joinpath(name).write_bytes(packed(text))
    assert main(["corpus", "tatoeba-en-fr", "--file", str(cache.parent / name)]) == 0
    corpus = open_corpus("tatoeba-en-fr")
    assert len(corpus.pairs) == 5
    assert references(corpus.pairs)["Hi."] == ["Salut !", "Bonjour."]
    assert "another edition" in corpus.title
    assert "CC-BY 2.0 France" in corpus.licence
    assert "tatoeba.org" in corpus.attribution
    assert "manythings.org/anki" in corpus.attribution
    assert [file.name for file in (cache / "tatoeba-en-fr").iterdir()] == ["fra.txt"]


def test_the_edition_of_2019_is_recognised_by_its_hash(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tatoeba_en_fr, "SHA256_2019", hashlib.sha256(FAKE_TEXT.encode()).hexdigest())
    tatoeba_en_fr.keep(FAKE_TEXT.encode(), "here")
    assert open_corpus("tatoeba-en-fr").title.endswith("edition of 2019-04-07")


GERMAN = "".join(f"I am here {number}.\tIch bin da, mein Freund.\n" for number in range(20))
SWAPPED = "".join(f"Je suis la {number}.\tWhat shall we do?\n" for number in range(20))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "has 0 pairs"),
        (FAKE_TEXT[:-3].encode(), "does not end"),
        ("".join(f"{line}\n" for line in FAKE_LINES[:4]).encode(), "fewer than 6"),
        (gzip.compress(FAKE_TEXT.encode())[:-10], "damaged or cut short"),
        (zipped(FAKE_TEXT)[:-30], "damaged or cut short"),
        (zipped(FAKE_TEXT).replace(b"PK\x01\x02", b"PK\x01\x03"), "damaged or cut short"),
        (zipped(GERMAN, "deu.txt"), "without a file fra.txt"),
        (GERMAN.encode(), "column 2 does not look like French"),
        (SWAPPED.encode(), "column 1 does not look like English"),
        (b"Hi. Salut.\n" * 10, "line 1 should be English, a tab and French, but is 'Hi. Salut.'"),
        ((FAKE_TEXT + "Hello.\t \n").encode(), "line 7 should be English"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not UTF-8 text"),
        (FAKE_TEXT.encode("utf-16"), "not UTF-8 text"),
        (b"<html>404</html>\n", "line 1 should be"),
    ],
)
def test_a_wrong_file_is_refused_and_the_cache_stays(
    cache: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    tatoeba_en_fr.keep(FAKE_TEXT.encode(), "here")
    (file := cache.parent / "copy").write_bytes(content)
    assert main(["corpus", "tatoeba-en-fr", "--file", str(file)]) == 1
    output = capsys.readouterr()
    assert said in output.err
    assert output.err.count("\n") == 1
    assert str(file) in output.err
    assert tatoeba_en_fr.cached_file().read_text(encoding="utf-8") == FAKE_TEXT


def test_a_text_that_unpacks_to_too_much_is_refused(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_files, "MOST_BYTES", 1000)
    monkeypatch.setattr(tatoeba_en_fr, "MOST_BYTES", 1000)
    for packed in (gzip.compress(bytes(10_000_000)), zipped("a" * 10_000_000)):
        with pytest.raises(CorpusError, match="larger than"):
            tatoeba_en_fr.keep(packed, "bomb")
    assert not cache.exists()


def test_a_damaged_cache_is_noticed(cache: Path) -> None:
    file = tatoeba_en_fr.keep(FAKE_TEXT.encode(), "here")
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(CorpusError, match=r"is damaged: its last line.*Remove the file"):
        open_corpus("tatoeba-en-fr")


def test_a_cache_that_cannot_be_written_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    cache.write_text("a file where the folder should be")
    with pytest.raises(CorpusError, match="Set ATLAS_CACHE"):
        tatoeba_en_fr.keep(FAKE_TEXT.encode(), "here")


def test_the_real_text_loads_within_a_second_and_as_any_table() -> None:
    available("tatoeba-en-fr")
    started = time.process_time()
    corpus = load_corpus("tatoeba-en-fr")
    assert time.process_time() - started < 1
    assert corpus.pairs == read_table(tatoeba_en_fr.cached_file()).pairs
    if "edition of 2019-04-07" in corpus.title:
        assert len(corpus.pairs) == 167_130 - 151  # pairs that differ from an earlier one only in the kind of space
        assert len(references(corpus.pairs)) == 116_830


# Download


class Host(BaseHTTPRequestHandler):
    """A host like manythings.org: it refuses Python's own user agent."""

    content = zipped(NEWER_TEXT)
    sent = len(content)

    def do_GET(self) -> None:
        if "python" in self.headers["User-Agent"].lower().split("(")[0]:
            return self.send_error(406)
        if self.path != "/anki/fra-eng.zip":
            return self.send_error(404)
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        self.wfile.write(self.content[: self.sent])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Host]]:
    class Here(Host):
        pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Here) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setattr(tatoeba_en_fr, "URL", f"http://127.0.0.1:{server.server_port}/anki/fra-eng.zip")
        yield Here
        server.shutdown()


def test_the_archive_is_downloaded_once_behind_a_progress_bar(
    cache: Path, host: type[Host], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["corpus", "tatoeba-en-fr"]) == 0
    output = capsys.readouterr()
    assert "Hi." in output.out
    assert "tatoeba-en-fr: 100%" in output.err or "tatoeba-en-fr:   0%" in output.err
    monkeypatch.setattr(tatoeba_en_fr, "URL", "http://127.0.0.1:9/")
    assert main(["corpus", "tatoeba-en-fr"]) == 0


def test_a_download_that_ends_early_is_refused(cache: Path, host: type[Host]) -> None:
    host.sent = 100
    with pytest.raises(CorpusError, match="the connection ended after 100 of"):
        tatoeba_en_fr.download()
    assert not cache.exists()


def test_without_a_network_the_error_says_what_to_do(
    cache: Path, host: type[Host], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = {"http://127.0.0.1:9/fra-eng.zip": "refused", f"{tatoeba_en_fr.URL}/x": "404"}
    for url, said in refused.items():
        monkeypatch.setattr(tatoeba_en_fr, "URL", url)
        assert main(["corpus", "tatoeba-en-fr"]) == 1
        error = capsys.readouterr().err
        assert said in error
        assert "--file fra-eng.zip" in error
        assert "Traceback" not in error


# Export and report


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
