"""Class corpus: whatever is pasted or uploaded the page says what it is, keeps it whole, and starts what the command line would."""

import os
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
import torch
from streamlit.testing.v1 import AppTest

import transformer.checkpoint
from pages.class_corpus import keep, markup, pairs, recipe, words
from pages.class_corpus.pairs import Given
from tests.apps import app, html, pictures, trouble
from tests.small_models import small_checkpoint
from transformer import jobs
from transformer.analysis.before_after import effect
from transformer.checkpoint import Checkpoint
from transformer.commands import parser
from transformer.commands.train import given
from transformer.corpora import Corpus, CorpusError, Pair, load_corpus, open_corpus
from transformer.corpora.table import EXPLANATIONS
from transformer.text import clean
from transformer.tokenizer import Tokenizer
from transformer.training.run import make_recipe
from ui.session import state

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE = "pages/320_class_corpus.py"
MARK = '<script>alert(1)</script> & "quoted"'


@pytest.fixture
def shelf(empty_shelf: Path, tmp_path: Path, tokenizer: Tokenizer) -> Path:
    """The empty shelf, with a second model as if it were shipped."""
    small_checkpoint(tmp_path / "shipped" / "b_second", tokenizer, decoder_layers=1)
    return empty_shelf


@pytest.fixture
def submitted(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would have been put into the queue."""
    found: list[dict[str, Any]] = []

    def submit(
        shelf: Path, name: str, arguments: list[str], owner_token: str, limits: jobs.Limits, address: str
    ) -> jobs.Job:
        found.append({"shelf": shelf, "name": name, "arguments": arguments, "token": owner_token, "limits": limits})
        owner, told = "somebody", tuple(arguments)
        return jobs.Job(
            name=name, folder=shelf / name, owner=owner, arguments=told, submitted=0, phase="waiting", place=1, said=""
        )

    monkeypatch.setattr(jobs, "submit", submit)
    return found


def typed(test: AppTest, text: str) -> AppTest:
    return test.text_area(key="class_text").set_value(text).run()


def said(test: AppTest) -> str:
    shown = (element.value for kind in (test.markdown, test.warning, test.info, test.error) for element in kind)
    return " ".join(shown).replace("\\", "")


def corpus_of(*sides: tuple[str, str]) -> Corpus:
    found = tuple(Pair(*each) for each in sides)
    return Corpus(name="class", title="", licence="", attribution="", pairs=found)


# What is given


def test_the_page_opens_with_an_example_that_can_be_trained_on(shelf: Path) -> None:
    test = app(PAGE)
    assert trouble(test) == []
    assert "Pairs: 10 (8 to learn from, 2 held out)." in said(test)
    table = next(
        body for body in html(test) if "bibimbap" in body.replace('<i class="cut" aria-hidden="true">|</i>', "")
    )
    assert table.count("held out") == 2
    assert table.count("to learn") == 8
    assert table.count(">new</sup>") >= 12
    assert pictures(test) >= 2
    assert not test.button(key="class_start").disabled


def test_the_words_of_the_example_that_are_held_out_are_learned_elsewhere() -> None:
    corpus = pairs.read(pairs.EXAMPLE.encode()).corpus
    assert corpus
    learned = words.vocabulary(corpus.split("train"))
    assert words.vocabulary(corpus.pairs) - learned <= words.vocabulary(load_corpus("grammar-en-fr").split("train"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no pair yet"),
        ("  \n \n", "no pair yet"),
        ("only one column\nand again", "one column"),
        ("Hi. ; Salut.\n" * 50, "Pairs: 1 (1 to learn from, 0 held out). With so few"),
        ("Hi. ; Salut.\nYes. ; Oui.\nNo. ; Non.", "Pairs: 3 (2 to learn from, 1 held out)."),
        ("나는 학생입니다. ; Je suis étudiant.\n안녕. ; Salut.", "Pairs: 2"),
        (f"{MARK} ; {MARK}\n<b>a</b> ; $x^2$ :red[no] *b*", "Pairs: 2"),
        ("=1+1 ; =HYPERLINK(\"x\")\n@SUM(A1) ; +33", "Pairs: 2"),
        ("\x00\x01\x02 ; \x03\n" * 40, "not text"),
        ("a ; b\n" + "😀 ; 🦊\n\u202eabc ; \ue000", "Pairs: 2"),
        ("x" * 50_000 + " ; y", "too long"),
    ],
)  # fmt: skip
def test_whatever_is_typed_there_is_a_clear_sentence(shelf: Path, text: str, told: str) -> None:
    test = typed(app(PAGE), text)
    assert trouble(test) == []
    assert told in said(test)
    assert MARK not in "".join(html(test))
    assert trouble(typed(test, pairs.EXAMPLE)) == []
    assert "Pairs: 10" in said(test)


FILES = {
    "binary": ("photo.tsv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "not text"),
    "utf-16": ("excel.csv", "Hi.,Salut.\n".encode("utf-16"), "UTF-16"),
    "spreadsheet": ("class.xlsx", b"PK\x03\x04" + bytes(200), "spreadsheet"),
    "korean code page": ("class.csv", "나는 학생입니다.,Je suis.\n".encode("cp949") * 3, "bad encoding"),
    "latin 1": ("class.csv", "Tired.,Fatigué.\n".encode("latin-1") * 3, "bad encoding"),
    "too large": ("large.tsv", b"Hi.\tSalut.\n" * 500_000, "larger than 5 MB"),
    "100,000 lines": (
        "long.tsv",
        b"".join(b"I see %d.\tJe vois %d.\n" % (n, n) for n in range(100_000)),
        "100,000 pairs",
    ),
    "comma in a tsv": ("class.tsv", b"Hi.,Salut.\n", "one column"),
    "good": ("class.csv", b"English,French\nHi.,Salut.\nYes.,Oui.\nYes.,Oui.\n", "Pairs: 2"),
}


@pytest.mark.parametrize(("name", "content", "told"), FILES.values(), ids=FILES)
def test_whatever_file_is_given_there_is_a_clear_sentence(shelf: Path, name: str, content: bytes, told: str) -> None:
    test = app(PAGE, class_from="file")
    assert "no pair yet" in said(test)
    test.file_uploader(key="class_upload").set_value((name, content, "text/plain")).run()
    assert trouble(test) == []
    assert told in said(test)
    assert list(shelf.iterdir()) == []


def test_a_file_stays_when_the_page_changes(shelf: Path) -> None:
    test = app(PAGE, class_from="file")
    test.file_uploader(key="class_upload").set_value(("my.csv", FILES["good"][1], "text/csv")).run()
    test.switch_page("pages/10_tokens.py").run()
    test.switch_page(PAGE).run()
    assert trouble(test) == []
    assert "Pairs: 2" in said(test)


def test_dropped_lines_are_told_with_their_number_their_reason_and_their_text() -> None:
    content = "Hi. ; Salut.\nalone\n\nHi. ; Salut.\n" + "x" * 500 + " ; y\nYes. ; Oui."
    table = pairs.read(content.encode()).table
    assert table
    _, rows = pairs.dropped(Given(content.encode()), table)
    assert [(row[0], str(row[1]).split(":")[0], row[2].strip()) for row in rows] == [
        (2, "one column", "alone"), (3, "blank", ""), (4, "duplicate", "Hi. ; Salut."), (5, "too long", "x" * 80),
    ]  # fmt: skip
    assert set(pairs.reason_words()) == set(EXPLANATIONS)


# Words


def test_a_word_is_new_if_training_never_had_it(tokenizer: Tokenizer) -> None:
    known = frozenset(words.vocabulary(load_corpus("grammar-en-fr").split("train")))
    found = words.cut(tokenizer, "THE cat didn't eat kimchi, 3 한!", known)
    assert [word.text for word in found] == ["THE", "cat", "did", "n't", "eat", "kimchi", ",", "3", "한", "!"]
    assert [word.text for word in found if word.new] == ["kimchi", "한"]


def test_without_the_text_a_word_is_new_if_it_falls_into_letters(tokenizer: Tokenizer) -> None:
    found = words.cut(tokenizer, "The cat sees kzqx and I 한국", None)
    assert [word.text for word in found if word.new] == ["kzqx", "한국"]


@pytest.mark.parametrize("sentence", ["The black cat.", "kimchi's l'ami", "😀 한국 <b>", "a\u202eb c", "ﬁn d’été …"])
def test_the_parts_of_a_word_are_the_word(tokenizer: Tokenizer, sentence: str) -> None:
    for word in words.cut(tokenizer, sentence, None):
        in_bytes = any(part[1:3] == " 1" for part in word.cut)  # `😀 1/4`
        assert "".join(word.cut) == word.text or in_bytes
        assert word.cut
    text = clean(sentence)
    assert markup.marked(sentence, words.cut(tokenizer, sentence, frozenset({text}))).count("<script") == 0


def test_the_survey_counts_what_it_says(shelf: Path, tokenizer: Tokenizer) -> None:
    origin = state.usable()["a_first"]
    corpus = corpus_of(("The cat likes kimchi.", "Le chat aime le kimchi."), ("Kimchi!", "Kimchi !"))
    found = words.survey(origin, corpus.pairs)
    assert found.new == ("kimchi",)
    english = [word for side in ("The cat likes kimchi", "Kimchi") for word in words.cut(tokenizer, side, None)]
    assert found.per_word[0] == pytest.approx(sum(len(word.cut) for word in english) / 5)
    assert [len(word.cut) for word in found.words] == sorted((len(word.cut) for word in found.words), reverse=True)
    assert words.met(state.usable()["b_second"]) is None


# Keeping and starting


def test_pairs_are_kept_whole_and_never_over_others(tmp_path: Path) -> None:
    one, other = corpus_of(("Hi.", "Salut."), ("Yes.", "Oui !")), corpus_of(("No.", "Non."))
    first = keep.keep(tmp_path, "우리 반/../x", one)
    assert first.parent == tmp_path / keep.FOLDER
    assert open_corpus(str(first)).pairs == one.pairs
    assert keep.keep(tmp_path, "우리 반/../x", one) == first
    second = keep.keep(tmp_path, "우리 반/../x", other)
    assert second.stem == f"{first.stem}-2"
    assert open_corpus(str(first)).pairs == one.pairs
    assert {*first.parent.iterdir()} == {first, second} == {*keep.kept(tmp_path)}


def test_a_shelf_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (place := tmp_path / "file").write_text("")
    with pytest.raises(CorpusError, match="cannot be kept on this server"):
        keep.keep(place, "a", corpus_of(("Hi.", "Salut.")))


def test_a_path_within_the_project_is_told_without_it(tmp_path: Path) -> None:
    root = transformer.checkpoint.ROOT
    assert keep.told(root / "runs" / "corpora" / "a.tsv") == "runs/corpora/a.tsv"
    assert keep.is_kept("runs/corpora/a.tsv", root / "runs")
    assert keep.told(tmp_path / "corpora" / "a.tsv") == str(tmp_path / "corpora" / "a.tsv")
    assert not keep.is_kept("runs/corpora/../../a.tsv", root / "runs")
    assert not keep.is_kept("grammar-en-fr", root / "runs")


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(CorpusError, match="No space left"):
        keep.keep(tmp_path, "a", corpus_of(("Hi.", "Salut.")))
    assert list((tmp_path / keep.FOLDER).iterdir()) == []


@pytest.mark.parametrize("parameters", [900_000, 7_600_000])
@pytest.mark.parametrize("count", [1, 8, 100, pairs.MOST_PAIRS])
def test_the_recipe_is_what_the_command_line_takes(parameters: int, count: int) -> None:
    card = {"parameters": parameters, "corpora": [{"name": "mine"}, {"name": "grammar-en-fr"}]}
    told = recipe.arguments("/shelf/corpora/a.tsv", "base", card, count)
    args = parser().parse_args(["train", *told])
    made = make_recipe({"corpus": args.corpus, **given(args)})
    assert (made.corpus, made.base, made.minutes) == ("/shelf/corpora/a.tsv", "base", recipe.MINUTES)
    assert made.epochs
    assert 1 <= made.epochs <= 450
    assert made.epochs * (count + made.also["grammar-en-fr"]) <= 20_000  # sentences
    assert list(made.also) == ["grammar-en-fr"]
    assert made.also["grammar-en-fr"] >= count
    assert made.also["grammar-en-fr"] >= 30


def test_what_is_rehearsed_is_what_the_checkpoint_learned_if_it_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    card = {"corpora": [{"name": "tatoeba-en-fr"}, {"name": "grammar-en-fr"}]}
    monkeypatch.setattr(recipe, "on_this_machine", lambda _: True)
    assert recipe.rehearsal(card, 120) == {"tatoeba-en-fr": 80, "grammar-en-fr": 40}
    monkeypatch.setattr(recipe, "on_this_machine", lambda name: name == "grammar-en-fr")
    assert recipe.rehearsal(card, 120) == {"grammar-en-fr": 120}
    assert recipe.rehearsal({"corpora": [{"name": "/etc/passwd"}]}, 60) == {"grammar-en-fr": 60}


def test_the_button_keeps_the_pairs_and_queues_the_fine_tuning(shelf: Path, submitted: list[dict[str, Any]]) -> None:
    test = app(PAGE, class_base="a_first")
    test.text_input(key="class_name").set_value("3학년 2반").run()
    test.button(key="class_start").click().run()
    assert trouble(test) == []
    (one,) = submitted
    file = shelf / keep.FOLDER / "3학년-2반.tsv"
    assert open_corpus(str(file)).pairs == pairs.read(pairs.EXAMPLE.encode()).corpus.pairs  # type: ignore[union-attr]
    assert (one["shelf"], one["name"]) == (shelf, "3학년 2반")
    assert one["arguments"][:3] == (str(file), "--from", "a_first")
    assert len(one["token"]) > 20


def test_what_the_queue_refuses_is_shown_and_the_pairs_stay(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise jobs.JobError("The queue is *full*.")

    monkeypatch.setattr(jobs, "submit", refuse)
    test = app(PAGE)
    test.button(key="class_start").click().run()
    assert trouble(test) == []
    assert "The queue is \\*full\\*" in test.error[0].value
    assert test.text_area(key="class_text").value == pairs.EXAMPLE
    assert keep.kept(shelf) == [], "on the server; in the field they stay"


def test_with_training_switched_off_all_but_the_button_works(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_TRAINING", "off")
    test = app(PAGE)
    assert trouble(test) == []
    assert test.button(key="class_start").disabled
    assert any("switched off" in caption.value for caption in test.caption)
    assert "Pairs: 10" in said(test)


def test_without_a_checkpoint_the_page_still_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (tmp_path,))
    st.cache_data.clear()
    test = app(PAGE)
    assert trouble(test) == []
    assert "Pairs: 10" in said(test)


# Before and after


@pytest.fixture
def tuned(shelf: Path, tokenizer: Tokenizer) -> Path:
    """A run on the shelf that says it was fine-tuned on kept pairs."""
    corpus = pairs.read(pairs.EXAMPLE.encode()).corpus
    assert corpus
    file = keep.keep(shelf, "ours", corpus)
    described = [{"name": "ours", "sha256": open_corpus(str(file)).sha256}, {"name": "grammar-en-fr"}]
    recipe_ = {"corpus": str(file), "base": "a_first"}
    small_checkpoint(shelf / "ours", tokenizer, decoder_layers=2, corpora=described, training={"recipe": recipe_})
    return file


def test_before_and_after_is_shown_when_asked_for(shelf: Path, tuned: Path) -> None:
    test = app(PAGE)
    assert not any("BLEU" in body for body in html(test))
    test.button(key="class_compare").click().run()
    assert trouble(test) == []
    found = effect(opened("a_first"), opened("ours"), open_corpus(str(tuned)))
    summary = next(body for body in html(test) if "BLEU" in body)
    assert found.known.before
    assert found.known.after
    assert f"{found.known.before.bleu:.1f} → {found.known.after.bleu:.1f}" in summary
    assert [len(each.rows) for each in (found.learned_from, found.held_out, found.known)] == [8, 2, 200]
    assert all(f'<td class="number">{count}</td>' in summary for count in (8, 2, 200))
    assert any("✗" in body for body in html(test))
    test.segmented_control(key="pick_class_rows").set_value("forgotten").run()
    assert trouble(test) == []
    assert "Nothing was forgotten." in said(test)


def opened(name: str) -> Checkpoint:
    with torch.inference_mode():
        return transformer.checkpoint.load(name)


def test_pairs_that_changed_and_a_lost_base_are_sentences(shelf: Path, tuned: Path, tmp_path: Path) -> None:
    tuned.write_text("Other.\tAutre.\n", encoding="utf-8")
    test = app(PAGE)
    test.button(key="class_compare").click().run()
    assert trouble(test) == []
    assert "have changed since" in test.warning[0].value
    (tmp_path / "shipped" / "a_first").rename(tmp_path / "gone")
    st.cache_data.clear()
    test = app(PAGE)
    test.button(key="class_compare").click().run()
    assert trouble(test) == []
    assert "is not here" in test.warning[0].value


def test_words_of_kept_pairs_are_known_to_the_model_that_learned_them(shelf: Path, tuned: Path) -> None:
    known = words.met(state.usable()["ours"])
    assert known
    assert "kimchi" in known
    tuned.write_text("Other.\tAutre.\n", encoding="utf-8")
    st.cache_resource.clear()
    assert words.met(state.usable()["ours"]) is None


def test_a_sign_without_a_piece_is_shown_and_not_its_bytes(tokenizer: Tokenizer) -> None:
    shown = {word.text: word.cut for word in words.cut(tokenizer, "I see 한 & Ünal.", None)}
    assert shown["한"] == ("한 1/3", "한 2/3", "한 3/3")
    assert not any("byte" in part or "<0x" in part for parts in shown.values() for part in parts)
    assert "".join(words.cut(tokenizer, "&", None)[0].cut) == "&"
