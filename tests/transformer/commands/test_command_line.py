"""What a person at a terminal may rely on: answers on standard output, reasons on standard error, a telling status."""

import io
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy
import pytest
import torch

from tests import ROOT
from transformer import checkpoint
from transformer.commands import FAILED, FINE, INTERRUPTED, PIPE_CLOSED, WRONG_USAGE, main, parser, translate
from transformer.config import Config
from transformer.model import Transformer
from transformer.tokenizer import Tokenizer

ENGLISH = ["I see the dog.", "She eats an apple.", "We sleep."]
FRENCH = ["Je vois le chien.", "Elle mange une pomme.", "Nous dormons."]
COMMANDS = sorted(next(action.choices for action in parser()._actions if action.choices))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint that was never trained."""
    tokenizer = Tokenizer.train([*ENGLISH, *FRENCH] * 9, 330)
    torch.manual_seed(3)
    sizes = {"d_model": 14, "heads": 7, "encoder_layers": 1, "decoder_layers": 2, "d_ff": 11, "max_positions": 61}
    model = Transformer(Config(vocabulary_size=len(tokenizer), **sizes))
    folder = tmp_path_factory.mktemp("runs") / "tiny"
    checkpoint.save(folder, model, tokenizer, {})
    return folder


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    """A file of so many pairs that every split has some."""
    file = tmp_path / "pairs.tsv"
    lines = (f"I see {count} dogs.\tJe vois {count} chiens.\n" for count in range(300))
    file.write_text("".join(lines), encoding="utf-8")
    return file


def one_sentence(text: str) -> bool:
    """Whether `text` is a single line that ends like a sentence."""
    return text.count("\n") == 1 and text.rstrip().endswith((".", "`")) and "Traceback" not in text


@pytest.mark.parametrize("arguments", [[], *([name] for name in COMMANDS)], ids=str)
def test_help_says_what_for_and_gives_examples(arguments: list[str], capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--help"])
    printed = capsys.readouterr()
    assert ended.value.code == FINE
    assert "examples:" in printed.out
    assert not printed.err


def test_help_needs_no_torch() -> None:
    script = "import sys\nfrom transformer.commands import parser\nparser()\nprint('torch' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout == "False\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["translate", "Hi.", "--beam", "0"],
        ["translate", "Hi.", "--length-penalty", "nan"],
        ["evaluate"],
        ["evaluate", "--corpus", "x", "--split", "exam"],
        ["trace", "Hi."],
        ["list", "all"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_a_usage_line(arguments: list[str], capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    printed = capsys.readouterr()
    assert ended.value.code == WRONG_USAGE
    assert printed.err.startswith("usage:")
    assert not printed.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["translate", "Hi.", "--checkpoint", "nowhere"],
        ["evaluate", "--corpus", "grammar-en-fr", "--checkpoint", "nowhere"],
        ["trace", "Hi.", "--out", "x.npz", "--checkpoint", "nowhere"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_missing_checkpoint_is_one_sentence_and_status_1(arguments: list[str], capsys, monkeypatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == FAILED
    printed = capsys.readouterr()
    assert "nowhere" in printed.err
    assert one_sentence(printed.err)
    assert not printed.out


@pytest.mark.parametrize("text", ["", "   ", "dog " * 100], ids=["empty", "blank", "too long"])
def test_a_text_that_cannot_be_translated_is_one_sentence_and_status_1(text: str, folder: Path, capsys) -> None:
    assert main(["translate", text, "--checkpoint", str(folder)]) == FAILED
    printed = capsys.readouterr()
    assert "A sentence must have 1 to 59 pieces" in printed.err
    assert one_sentence(printed.err)


@pytest.mark.parametrize("beam", ["1", "3"])
def test_a_translation_is_all_that_is_printed(folder: Path, beam: str, capsys) -> None:
    assert main(["translate", "I see the dog.", "--checkpoint", str(folder), "--beam", beam]) == FINE
    printed = capsys.readouterr()
    assert printed.out.count("\n") == 1
    assert not printed.err


def lines_from(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Let standard input be `content`."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_every_line_of_standard_input_gets_its_line(folder: Path, capsys, monkeypatch) -> None:
    lines_from(monkeypatch, "I see the dog.\n\nÀ 3 h, “she” eats.".encode())
    assert main(["translate", "-", "--checkpoint", str(folder), "--beam", "1"]) == FINE
    translations = capsys.readouterr().out.split("\n")
    assert len(translations) == 4
    assert (translations[1], translations[3]) == ("", "")


def test_bad_lines_are_named_and_the_good_ones_come_out_in_order(folder: Path, capsys, monkeypatch) -> None:
    lines_from(monkeypatch, b"I see the dog.\n\xff\xfe\nWe sleep.\n" + b"dog " * 100 + b"\nShe eats an apple.\n")
    assert main(["translate", "-", "--checkpoint", str(folder), "--beam", "1"]) == FAILED
    printed = capsys.readouterr()
    said = printed.err.splitlines()
    assert [line[:6] for line in said] == ["Line 2", "Line 4"]
    assert "is not UTF-8 text" in said[0]
    assert "must have 1 to 59 pieces" in said[1]
    lines_from(monkeypatch, b"I see the dog.\nWe sleep.\nShe eats an apple.\n")
    assert main(["translate", "-", "--checkpoint", str(folder), "--beam", "1"]) == FINE
    one, two, three = capsys.readouterr().out.splitlines()
    assert printed.out.splitlines() == [one, "", two, "", three]


def test_two_lines_in_the_text_are_two_lines(folder: Path, capsys) -> None:
    assert main(["translate", "I see the dog.\n\nWe sleep.", "--checkpoint", str(folder), "--beam", "1"]) == FINE
    lines = capsys.readouterr().out.split("\n")
    assert (len(lines), lines[1], lines[3]) == (4, "", "")


def test_several_sentences_are_translated_one_by_one(folder: Path, capsys) -> None:
    told = []
    for text in ("I see the dog.", "We sleep.", "I see the dog. We sleep."):
        assert main(["translate", text, "--checkpoint", str(folder), "--beam", "1"]) == FINE
        told.append(capsys.readouterr().out.strip())
    assert told[2] == f"{told[0]} {told[1]}".strip()


def test_without_a_text_it_says_how_to_pipe_one(capsys) -> None:
    assert main(["translate"]) == WRONG_USAGE
    printed = capsys.readouterr()
    assert printed.err.startswith("usage:")
    assert "translate -" in printed.err


def test_a_terminal_of_ascii_gets_names_of_letters() -> None:
    command = [sys.executable, "-m", "transformer", "translate", "I am a student.", "--beam", "1"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, env=environment, check=True)
    assert ended.stdout == b"Je suis \\N{LATIN SMALL LETTER E WITH ACUTE}tudiant.\n"


def test_the_version_is_that_of_the_project(capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == FINE
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert capsys.readouterr().out == f"{project['name']} {project['version']}\n"


def test_opening_a_checkpoint_imports_no_compiler() -> None:
    """`torch._dynamo` costs a second, half of what a translation takes."""
    script = "import sys\nfrom transformer import checkpoint\ncheckpoint.load('grammar-en-fr')\nprint('torch._dynamo' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout == "False\n"


def test_interrupting_ends_with_130(monkeypatch) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(translate, "run", interrupted)
    assert main(["translate", "Hi."]) == INTERRUPTED


def test_a_reader_that_has_enough_is_no_error(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "transformer", "translate", "Hi.", "--beam", "1", "--checkpoint", str(folder)]
    ended = subprocess.run(command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (PIPE_CLOSED, "")


def test_a_trace_file_holds_every_tensor_with_its_axes(folder: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "dog.npz"
    options = ["--target", "Je vois.", "--out", str(out), "--checkpoint", str(folder)]
    assert main(["trace", "I see the dog.", *options]) == FINE
    assert capsys.readouterr().out == f"{out}\n"
    with numpy.load(out, allow_pickle=False) as file:
        axes = json.loads(str(file["axes"]))
        assert all(file[path].ndim == len(names) for path, names in axes.items())
        weights = file["decoder.layers.1.cross_attention.weights"]
        assert weights.shape[2:] == (len(file["target_pieces"]), len(file["source_pieces"]))
        assert numpy.allclose(weights.sum(-1), 1, atol=1e-5)
        assert (file["source_pieces"][-1], file["target_pieces"][0]) == ("</s>", "<s>")
        assert {*axes, "axes", "source_pieces", "target_pieces", "source_text", "target_text", "checkpoint"} == {*file}
    assert [each.name for each in tmp_path.iterdir()] == ["dog.npz"]


def test_a_trace_follows_the_translation_found(folder: Path, tmp_path: Path, capsys) -> None:
    main(["translate", "We sleep.", "--checkpoint", str(folder)])
    translation = capsys.readouterr().out.rstrip("\n")
    assert main(["trace", "We sleep.", "--out", str(tmp_path / "x.npz"), "--checkpoint", str(folder)]) == FINE
    with numpy.load(tmp_path / "x.npz") as file:
        assert " ".join(str(file["target_text"]).splitlines()) == translation


def test_a_trace_into_no_folder_is_one_sentence_and_status_1(folder: Path, tmp_path: Path, capsys) -> None:
    assert main(["trace", "Hi.", "--out", str(tmp_path / "no" / "x.npz"), "--checkpoint", str(folder)]) == FAILED
    assert one_sentence(capsys.readouterr().err)


def test_evaluation_as_json_is_one_line(folder: Path, pairs: Path, capsys) -> None:
    arguments = ["--checkpoint", str(folder), "--corpus", str(pairs), "--split", "train", "--limit", "3", "--json"]
    assert main(["evaluate", *arguments]) == FINE
    printed = capsys.readouterr().out
    result = json.loads(printed)
    assert printed.count("\n") == 1
    assert (result["sentences"], result["split"], result["checkpoint"]) == (3, "train", "tiny")
    assert {"bleu", "chrf", "bleu_all", "chrf_all", "exact_match", "signature"} <= result.keys()


def test_evaluation_can_type_the_english_in_another_way(folder: Path, pairs: Path, capsys, monkeypatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(Tokenizer, "encode", lambda _, text: heard.append(text) or [5])
    for typed, english in (("capitals", "I SEE"), ("small", "i see"), ("typographic", "I see"), ("plain", "I see")):
        heard.clear()
        arguments = ["--checkpoint", str(folder), "--corpus", str(pairs), "--limit", "1", "--json", "--typed", typed]
        assert main(["evaluate", *arguments]) == FINE
        assert heard[0].startswith(english)
        assert json.loads(capsys.readouterr().out).get("typed", "plain") == typed


def test_evaluation_on_a_file_that_is_not_there_is_one_sentence_and_status_1(folder: Path, capsys) -> None:
    assert main(["evaluate", "--checkpoint", str(folder), "--corpus", "no/such/file.tsv"]) == FAILED
    assert one_sentence(capsys.readouterr().err)


def test_the_list_shows_the_good_the_damaged_and_the_corpora(folder: Path, tmp_path: Path, capsys, monkeypatch) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "card.json").write_text("{}")
    monkeypatch.setattr(checkpoint, "FOLDERS", (folder.parent, tmp_path))
    assert main(["list"]) == FINE
    printed = capsys.readouterr().out
    assert next(line for line in printed.splitlines() if "broken" in line).split()[1] == "damaged:"
    assert "million parameters" in next(line for line in printed.splitlines() if "tiny" in line)
    assert "grammar-en-fr" in printed
