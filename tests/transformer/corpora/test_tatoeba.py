"""How Tatoeba's text gets here: from a copy or from its host, whole, and nothing else in its place."""

import gzip
import hashlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.transformer.corpora.tatoeba import FAKE_LINES, FAKE_TEXT, NEWER_TEXT, available, zipped
from transformer.commands import main
from transformer.corpora import CorpusError, _files, load_corpus, open_corpus, references, tatoeba_en_fr
from transformer.corpora.table import read_table

# A copy


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
