"""The long sentence: three views, what an address asks for in vain, shelves that lack models, and a measurement on demand."""

from dataclasses import replace
from pathlib import Path

import pytest

import transformer.checkpoint
from pages.the_long_sentence import chain, known
from pages.the_long_sentence import way_back as way
from relatives.long import record, way_back
from relatives.long.exam import of_bin
from relatives.long.sentences import prolonged
from tests.apps import app, html, said, seen, sent, trouble
from tests.relatives.conftest import untrained
from tests.relatives.test_kept import keep, sizes
from tests.small_models import small_checkpoint
from transformer import checkpoint
from transformer.tokenizer import Tokenizer
from ui.session import state

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE, TEXT = "pages/410_the_long_sentence.py", "I gave my dog Charlie some food."
KNOWN = record.read()
ASKED = {"text": TEXT, "checkpoint": "grammar-en-fr"}


def drawn(test: object, key: str) -> str:
    """The alt text of a picture."""
    return next(each["steps"][0]["alt"] for each in sent(test) if each.get("name") == key)  # type: ignore[arg-type]


def test_by_length_says_what_is_on_record_for_sentences_as_long() -> None:
    test = app(PAGE, **ASKED)
    assert trouble(test) == []
    gru, paper = (next(each for each in KNOWN.models if each.kind == kind) for kind in ("gru", "transformer"))
    for each in (gru, paper):
        point = next(one for one in each.points if one.bin == 2)
        assert f"{point.exact.value:.0f} %" in seen(test)
    assert f"{gru.points[2].right} / {gru.points[2].count}" in said(test)
    assert "longest in training: 15 pieces" in drawn(test, "ls_length")


def test_a_clicked_point_shows_one_that_was_right_and_one_that_was_wrong() -> None:
    model = next(each for each in KNOWN.models if each.kind == "lstm")
    test = app(PAGE, **ASKED, ls_model=model.name, ls_bin="2", ls_what="bleu")
    assert trouble(test) == []
    places = sorted(of_bin(KNOWN.sentences, 1), key=lambda place: len(KNOWN.sentences[place].source))
    wrong = next(place for place in places if model.written[place] != KNOWN.sentences[place].target)
    right = next(place for place in places if model.written[place] == KNOWN.sentences[place].target)
    for text in (KNOWN.sentences[wrong].source, model.written[wrong], KNOWN.sentences[right].source):
        assert text.replace("'", "&#x27;") in said(test)


def test_the_sentence_is_prolonged_by_clauses_and_read_by_three() -> None:
    assert prolonged("Hello there!", KNOWN.clauses, 0) == "Hello there!"
    assert prolonged("I slept. ", KNOWN.clauses, 2) == f"I slept and {KNOWN.clauses[0][0]} and {KNOWN.clauses[1][0]}."
    test = app(PAGE, text="The boy is singing.", checkpoint="grammar-en-fr", ls_view="yours", ls_clauses="1")
    assert trouble(test) == []
    longer = prolonged("The boy is singing.", KNOWN.clauses, 1)
    origin = state.origin(checkpoint.available()["grammar-en-fr"])
    french = checkpoint.load_any("grammar-en-fr").tokenizer.decode(state.translation(origin, longer, state.Search(1)))
    assert f"Transformer {int(f' et {KNOWN.clauses[0][1]}' in french)}" in seen(test)
    assert "clauses added: <b>1</b>" in seen(test)


def test_the_way_back_shows_the_pulls_of_the_sentence_and_of_the_record() -> None:
    test = app(PAGE, **ASKED, ls_view="back", ls_way="grammar-en-fr-lstm", source="2")
    assert trouble(test) == []
    origin = state.origin(checkpoint.available()["grammar-en-fr-lstm"])
    french = checkpoint.load_any("grammar-en-fr").tokenizer.decode(
        state.translation(state.origin(checkpoint.available()["grammar-en-fr"]), TEXT, state.Search(4))
    )
    found = chain.pulled(origin, TEXT, french, False)
    assert f"<b>{way.digits(found.pulls[1])}</b>" in said(test)
    assert found.states[1] / found.states[-1] == pytest.approx(product(found.states, 1), rel=1e-4)
    test = app(PAGE, **ASKED, ls_view="back", ls_whose="mean", ls_weights="untrained")
    assert trouble(test) == []
    assert "GRU × 0.6" in seen(test)


def product(states: tuple[float, ...], first: int) -> float:
    """Of the ratios from the last state back."""
    found = 1.0
    for at in range(len(states) - 2, first - 1, -1):
        found *= states[at] / states[at + 1]
    return found


BAD = {
    "ls_view": "sideways", "ls_what": "%", "ls_model": "nobody", "ls_bin": "99", "ls_clauses": "77", "ls_a": "nobody", "ls_b": "../x",
    "ls_side": "9", "ls_piece": "400", "ls_way": "<b>", "ls_steps": "123456", "ls_whose": "theirs", "ls_weights": "heavy", "source": "88",
    "ls_measure": "no",
}  # fmt: skip


@pytest.mark.parametrize("view", ["sideways", "yours", "back"])
@pytest.mark.parametrize("text", [TEXT, "Dog", "나는 학생입니다.", "the dog and " * 18])
def test_whatever_an_address_asks_for_there_is_a_view_or_a_sentence(view: str, text: str) -> None:
    test = app(PAGE, **BAD | {"text": text, "checkpoint": "grammar-en-fr", "ls_view": view})
    assert trouble(test) == []
    assert any('class="atlas-seen"' in each for each in html(test))


@pytest.mark.parametrize("weights", ["trained", "untrained"])
def test_the_means_stand_whatever_else_is_asked_for(weights: str) -> None:
    asked = BAD | {"text": TEXT, "checkpoint": "grammar-en-fr", "ls_view": "back", "ls_whose": "mean"}
    test = app(PAGE, **asked | {"ls_weights": weights})
    assert trouble(test) == []
    assert "Each step back" in seen(test)


def test_what_is_missing_is_named_and_how_to_train_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (checkpoint.SHIPPED,))
    for view in ("length", "yours", "back"):
        test = app(PAGE, **ASKED, ls_view=view)
        assert trouble(test) == []
    assert any("--model tanh" in each.value for each in app(PAGE, **ASKED).caption)


def test_a_shelf_of_another_corpus_has_no_exam(
    tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_checkpoint(tmp_path / "paper", tokenizer)
    keep(tmp_path, "gru", tokenizer)
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (tmp_path,))
    for view in ("length", "yours", "back"):
        test = app(PAGE, text=TEXT, ls_view=view)
        assert trouble(test) == []
        assert seen(test)


def test_a_record_without_sentences_shows_its_lines_and_says_how_to_measure(
    tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of people's sentences, whose text is not shipped: BLEU first, no example, no button."""
    card = {"corpora": [{"name": "tatoeba-en-fr"}]}
    checkpoint.save(tmp_path / "people", untrained("gru", sizes(tokenizer)), tokenizer, card)
    gru = next(each for each in KNOWN.models if each.kind == "gru")
    mine = replace(gru, name="people", weights=record.weights_of(tmp_path / "people"), written=())
    told = replace(KNOWN, corpus="tatoeba-en-fr", attribution="by *people*", sentences=(), models=(mine,))
    record.write(told, tmp_path / "record.json")
    monkeypatch.setitem(record.FILES, "tatoeba-en-fr", tmp_path / "record.json")
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (tmp_path, checkpoint.SHIPPED))
    known.recorded.clear()
    try:
        for view in ("length", "yours", "back"):
            test = app(PAGE, text=TEXT, checkpoint="people", ls_view=view, fold_numbers="true")
            assert trouble(test) == []
        test = app(PAGE, text=TEXT, checkpoint="people")
        assert "BLEU of held-out ones" in seen(test)
        assert any("Not on record" in each.value for each in test.caption)
        assert any("--corpus tatoeba-en-fr" in each.value for each in test.caption)
    finally:
        known.recorded.clear()


def test_a_model_that_is_not_on_record_is_measured_on_a_press(
    tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The button, the first slices of the work, and what all slices come to."""
    model, card = untrained("gru", sizes(tokenizer)), {"corpora": [{"name": KNOWN.corpus}]}
    checkpoint.save(tmp_path / "grammar-en-fr-gru", model, tokenizer, card)
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (tmp_path, checkpoint.SHIPPED))
    test = app(PAGE, **ASKED)
    assert trouble(test) == []
    assert any("changed since" in each.value for each in test.caption)
    assert "GRU" in test.button(key="ls_measure_measure").label
    origin = state.origin(tmp_path / "grammar-en-fr-gru")
    written = [
        [each.target for each in (KNOWN.sentences[place] for place in part)]
        for part in known.measuring.parts(KNOWN.sentences)
    ]
    ways = known.slice_of(origin, len(written))
    assert ways == [
        known.measuring.way(state.any_opened(origin).model, known.measuring.case(state.any_opened(origin), each))
        for each in known.measuring.cases(KNOWN.sentences, KNOWN.longest)[: known.CHUNK]
    ]
    found = known.assembled(origin, [*written, *[ways] * (2 * len(known.chunks(KNOWN)))])
    assert all(point.right == point.count for point in found.points)
    assert found.trained == found.untrained == tuple(way_back.by_distance(list(ways) * len(known.chunks(KNOWN))))  # type: ignore[arg-type]
