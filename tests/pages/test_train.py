"""The train page without a browser: what its button asks for, what it says before, and what it shows of a training that goes on."""

import argparse
import json
import os
import shlex
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import streamlit as st
import torch
from streamlit.testing.v1 import AppTest

import transformer.checkpoint
from pages.train import form, live
from tests.pages.test_every_page import app, html, pictures, small_checkpoint, trouble
from transformer import checkpoint, jobs
from transformer.commands import train
from transformer.config import Config
from transformer.jobs import Job, JobError, Limits
from transformer.jobs import files as jobs_files
from transformer.jobs.files import Record
from transformer.model import Transformer
from transformer.tokenizer import Tokenizer
from transformer.training import history
from transformer.training.history import Entry
from transformer.training.recipe import Recipe
from ui.session import state
from ui.training import corpora, people, recipes, runs

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE = "pages/300_train.py"
TOKEN = "t" * 43
BORING = "I see the dog."


@pytest.fixture
def shelf(tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A shipped model, and an empty shelf of runs."""
    small_checkpoint(tmp_path / "shipped" / "a_first", tokenizer)
    (tmp_path / "runs").mkdir()
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (tmp_path / "shipped", tmp_path / "runs"))
    monkeypatch.setattr(people, "cookie", lambda: "")
    for name in [name for name in os.environ if name.startswith("ATLAS_TRAINING")]:
        monkeypatch.delenv(name)
    runs.forget()
    yield tmp_path / "runs"
    runs.forget()
    st.cache_data.clear()


Submitted = list[tuple[str, tuple[str, ...], str]]


@pytest.fixture
def submitted(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Submitted:
    """What was asked of the queue: name, arguments, token. Nothing is started."""
    asked: Submitted = []

    def submit(where: Path, name: str, arguments: tuple[str, ...], token: str, limits: Limits) -> Job:
        assert where == shelf
        asked.append((name, arguments, token))
        return job(shelf, name, arguments=arguments, phase="finished")

    monkeypatch.setattr(jobs, "submit", submit)
    return asked


def job(
    shelf: Path, name: str, owner: str = TOKEN, phase: str = "finished", said: str = "",
    arguments: tuple[str, ...] = ("grammar-en-fr",),
) -> Job:  # fmt: skip
    """A job as its folder tells it."""
    folder = shelf / name
    folder.mkdir(exist_ok=True)
    record = Record(owner=jobs._digest(owner), arguments=arguments, submitted=time.time(), phase=phase, said=said)  # type: ignore[arg-type]
    jobs_files.write(folder, record)
    runs.forget()
    return next(job for job in jobs.find(shelf) if job.name == name)


def trained(shelf: Path, tokenizer: Tokenizer, name: str = "mine", **told: str) -> list[Entry]:
    """A job with a checkpoint, two snapshots and a history."""
    small_checkpoint(shelf / name, tokenizer, decoder_layers=2, training={})
    for step in (0, 40):
        torch.manual_seed(step)
        model = Transformer(checkpoint.load(shelf / name).model.config)
        checkpoint.write_tensors(
            checkpoint.snapshot_file(shelf / name, step),
            {key: value.half() for key, value in model.state_dict().items()},
        )
    entries = [
        Entry(
            step=step, epoch=1, share=step / 80, seconds=step / 10, loss=8 - step / 10, learning_rate=step / 1e4,
            gradient_norm=1 + 1 / step, tokens_per_second=9000.0, seconds_left=25.0, snapshot=step == 40,
            **({"validation_loss": 4.5, "bleu": 12.5, "exact_match": 3.0} if step == 40 else {}),
        )
        for step in range(1, 41)
    ]  # fmt: skip
    (shelf / name / history.FILE).write_text("".join(json.dumps(asdict(entry)) + "\n" for entry in entries))
    job(shelf, name, **told)  # type: ignore[arg-type]
    return entries


def parsed(arguments: tuple[str, ...]) -> Recipe:
    """What the command line would make of them."""
    parser = argparse.ArgumentParser()
    train.add_parser(parser.add_subparsers())
    args = parser.parse_args(["train", *arguments])
    return Recipe(corpus=args.corpus, **train.given(args))


def figures(test: AppTest) -> list[dict[str, object]]:
    """Every figure on the page."""
    told = [json.loads(element.proto.json) for element in test.get("bidi_component") if element.proto.json]
    return [json.loads(step["figure"]) for each in told if isinstance(each, dict) for step in each.get("steps", [])]


def test_one_click_asks_for_the_usual_recipe(submitted: Submitted) -> None:
    test = app(PAGE)
    test.button(key="train_start").click().run()
    assert trouble(test) == []
    ((name, arguments, token),) = submitted
    assert name == "my-grammar"
    assert parsed(arguments) == recipes.recipe("grammar-en-fr", "", recipes.options(recipes.GRAMMAR))
    assert people.SOUND.fullmatch(token)
    assert test.session_state["train_job"] == "my-grammar"


def test_the_number_of_parameters_follows_every_size(shelf: Path) -> None:
    test = app(PAGE)
    for key, value in (("d_model", 96), ("heads", 3), ("layers", 1), ("d_ff", 100), ("vocabulary_size", 1000)):
        test.number_input(key=f"train_{key}").set_value(value).run()
    sizes = {"d_model": 96, "heads": 3, "encoder_layers": 1, "decoder_layers": 1, "d_ff": 100}
    right = Transformer(Config(vocabulary_size=1000, **sizes)).number_of_parameters
    assert any(f"at most {right:,}" in said for said in html(test))


def test_impossible_sizes_are_said_before_anything_starts(submitted: Submitted) -> None:
    test = app(PAGE)
    test.number_input(key="train_d_model").set_value(66).run()
    assert trouble(test) == []
    assert "multiple of heads" in test.warning[0].value
    assert test.button(key="train_start").disabled


def test_limits_are_said_before_anything_starts(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_TRAINING_PARAMETERS", "1000")
    monkeypatch.setenv("ATLAS_TRAINING_MINUTES", "0.2")
    test = app(PAGE)
    assert "1\\,000" in test.warning[0].value
    assert test.button(key="train_start").disabled
    monkeypatch.delenv("ATLAS_TRAINING_PARAMETERS")
    test = app(PAGE)
    assert any("will end after 0\\.2" in caption.value for caption in test.caption)
    assert not test.button(key="train_start").disabled


def test_what_the_queue_refuses_is_said(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Job:
        raise JobError("The queue is <b>full</b>.")

    monkeypatch.setattr(jobs, "submit", refuse)
    test = app(PAGE)
    test.button(key="train_start").click().run()
    assert trouble(test) == []
    assert "full" in test.warning[0].value
    test.run()
    assert not test.warning


def test_switched_off_there_is_a_line(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_TRAINING", "off")
    test = app(PAGE)
    assert trouble(test) == []
    assert "switched off" in test.info[0].value
    assert [button.label for button in test.button] == []
    assert not test.number_input


def test_fine_tuning_keeps_the_sizes_of_its_checkpoint(submitted: Submitted) -> None:
    test = app(PAGE)
    test.selectbox(key="pick_train_from").set_value("a_first").run()
    assert trouble(test) == []
    assert test.session_state["train_peak_rate"] == recipes.preset("grammar-en-fr", "a_first")["peak-rate"]
    right = state.opened(state.usable()["a_first"]).model.number_of_parameters
    assert any(f"<b>{right:,}</b>" in said for said in html(test))
    test.button(key="train_start").click().run()
    ((name, arguments, _token),) = submitted
    assert name == "a_first-tuned"
    assert arguments[:3] == ("grammar-en-fr", "--from", "a_first")
    assert not {f"--{size}" for size in recipes.SIZES} & {*arguments}


def test_own_pairs_can_be_trained_on(submitted: Submitted, shelf: Path) -> None:
    (shelf / "corpora").mkdir()
    (shelf / "corpora" / "our words.tsv").write_text(
        "Hello dog\tBonjour chien\n" * 3 + "A cat\tUn chat\n", encoding="utf-8"
    )
    test = app(PAGE, train_corpus="corpora/our words.tsv")
    assert trouble(test) == []
    assert test.selectbox(key="pick_train_corpus").value == "corpora/our words.tsv"
    test.button(key="train_start").click().run()
    ((name, arguments, _token),) = submitted
    assert name == "our words"
    assert Path(arguments[0]).read_text(encoding="utf-8").startswith("Hello dog")
    assert parsed(arguments).d_model == recipes.options(recipes.OWN)["d-model"]
    assert corpora.samples(arguments[0])[0] == ("Hello dog", "Bonjour chien")


def test_own_pairs_that_went_away_are_said(shelf: Path) -> None:
    (shelf / "corpora").mkdir()
    (shelf / "corpora" / "bad.tsv").write_bytes(b"\x00\x01")
    test = app(PAGE, train_corpus="corpora/bad.tsv")
    assert trouble(test) == []
    assert test.warning
    assert test.button(key="train_start").disabled


def test_minutes_take_the_place_of_epochs(submitted: Submitted) -> None:
    test = app(PAGE, train_stop="minutes", train_minutes="2.5", train_name="Été 1")
    test.text_input(key="train_name").set_value("Été 1").run()
    test.button(key="train_start").click().run()
    ((name, arguments, _token),) = submitted
    assert name == "Été 1"
    assert (parsed(arguments).minutes, parsed(arguments).epochs) == (2.5, None)


@pytest.mark.parametrize("asked", [
    {"train_corpus": "nothing"}, {"train_from": "nobody"}, {"train_d_model": "abc"}, {"train_d_model": "99999999"}, {"train_heads": "-1"},
    {"train_stop": "never"}, {"train_job": "../.."}, {"train_map": "9"}, {"train_peak_rate": "nan"}, {"train_epochs": "inf"},
], ids=str)  # fmt: skip
def test_an_address_can_ask_for_anything(shelf: Path, tokenizer: Tokenizer, asked: dict[str, str]) -> None:
    trained(shelf, tokenizer)
    test = app(PAGE, **asked)
    assert trouble(test) == []
    assert test.button(key="train_start")


def test_the_command_line_shown_is_what_the_button_does(submitted: Submitted) -> None:
    test = app(PAGE)
    test.session_state["train_more"] = True
    test.run()
    assert trouble(test) == []
    words = shlex.split(test.code[0].value)
    assert words[:4] == ["python", "-m", "transformer", "train"]
    assert words[-2:] == ["--out", "runs/my-grammar"]
    test.button(key="train_start").click().run()
    assert tuple(words[4:-2]) == submitted[0][1]
    assert pictures(test) >= 2, "the schedule is drawn"


@pytest.mark.parametrize("last", [1, 7, 500, 3000])
@pytest.mark.parametrize(
    "changes", [{}, {"warm_up": 50}, {"warm_up": 50, "cool_down": 0.0}, {"cool_down": 1.0}], ids=str
)
def test_the_schedule_is_the_recipe_s(last: int, changes: dict[str, float]) -> None:
    recipe = Recipe(corpus="x", epochs=1, **changes)
    steps, rates, phases = form.schedule(recipe, last)
    assert steps == sorted({*steps})
    assert (steps[0], steps[-1]) == (1, last)
    assert rates == [recipe.learning_rate(step, (step - 1) / last) for step in steps]
    ends = [end for _name, end in phases]
    assert ends == sorted(ends)
    assert len({*ends}) == len(ends)
    assert ends[-1] == last


def test_a_training_is_shown_with_its_own_numbers(shelf: Path, tokenizer: Tokenizer) -> None:
    entries = trained(shelf, tokenizer)
    test = app(PAGE, text=BORING)
    assert trouble(test) == []
    drawn = {len(figure["data"]): figure for figure in figures(test)}
    loss, held_out, bleu, exact, rate, norm = drawn[6]["data"]
    assert loss["y"] == [entry.loss for entry in entries]
    assert rate["y"] == [entry.learning_rate for entry in entries]
    assert norm["y"] == [entry.gradient_norm for entry in entries]
    assert [curve["y"] for curve in (held_out, bleu, exact)] == [[4.5], [12.5], [3.0]]
    origin = state.at(state.origin(shelf / "mine"), 40)
    english, french = (
        BORING,
        checkpoint.load(checkpoint.FOLDERS[0] / "a_first").tokenizer.decode(
            state.translation(state.usable()["a_first"], BORING, state.Search(4))
        ),
    )
    seen = live.forming(origin, english, french)
    assert seen is not None
    np.testing.assert_allclose(drawn[1]["data"][0]["z"], seen.walk.cross[-1].mean(0), atol=1e-6)
    assert any(BORING in said and "atlas-told" in said for said in html(test))


def test_another_sentence_can_be_watched(shelf: Path, tokenizer: Tokenizer) -> None:
    trained(shelf, tokenizer)
    test = app(PAGE, text=BORING, train_map="1")
    assert trouble(test) == []
    (figure,) = [each for each in figures(test) if each["data"][0]["type"] == "heatmap"]
    words = " ".join(figure["data"][0]["meta"]["cells"]["columns"])
    assert words.split()[0] in corpora.samples("grammar-en-fr")[0][0]


@pytest.mark.parametrize("text", ["", "word " * 5000, "😀", "<b>hi</b>"], ids=ascii)
def test_a_sentence_that_cannot_be_drawn_leaves_the_rest(shelf: Path, tokenizer: Tokenizer, text: str) -> None:
    trained(shelf, tokenizer)
    test = app(PAGE, text=text)
    assert trouble(test) == []
    assert any(len(figure["data"]) == 6 for figure in figures(test))
    assert not any("<b>hi" in said for said in html(test) if "atlas-told" in said)


def test_only_the_owner_and_the_teacher_may_stop_a_training(
    shelf: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(shelf, tokenizer, phase="running")
    stopped: list[str] = []
    monkeypatch.setattr(jobs, "stop", lambda job, *_: stopped.append(job.name))
    lock = jobs_files.lock(shelf / "mine")
    try:
        runs.forget()
        test = app(PAGE)
        assert "train_stop_job" not in {button.key for button in test.button}
        monkeypatch.setattr(people, "cookie", lambda: TOKEN)
        test = app(PAGE)
        assert any("50 %" in said for said in [element.proto.text for element in test.get("progress")])
        test.button(key="train_stop_job").click().run()
        assert trouble(test) == []
        assert stopped == ["mine"]
        assert "train_stop_job" not in {button.key for button in test.button}
    finally:
        os.close(lock)


def test_a_failed_training_says_why_and_offers_what_it_left(
    shelf: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(shelf, tokenizer, phase="failed", said="It was killed; most likely the machine ran out of memory.")
    monkeypatch.setattr(people, "cookie", lambda: TOKEN)
    test = app(PAGE)
    assert "ran out of memory" in test.error[0].value
    assert {"train_resume", "train_delete_it"} <= {button.key for button in test.button}
    assert "Open the model →" in [element.proto.label for element in test.get("page_link")]
    test.button(key="train_delete_it").click().run()
    assert trouble(test) == []
    assert not (shelf / "mine").exists()


def test_a_link_opens_what_it_made(shelf: Path, tokenizer: Tokenizer) -> None:
    """Within a session Streamlit drops `?checkpoint=`, because the page left behind had bound it."""
    trained(shelf, tokenizer)
    links = [element.proto for element in app(PAGE, text=BORING).get("page_link")]
    (query,) = {link.query_string for link in links if "to_checkpoint" in link.query_string}
    assert query == "to_checkpoint=mine"
    for page in ("pages/90_cross_attention.py", "pages/310_time_machine.py"):
        test = app(page, text=BORING, to_checkpoint="mine")
        assert trouble(test) == []
        assert test.selectbox(key="checkpoint").value == "mine"
    assert app(PAGE, to_checkpoint="nobody").selectbox(key="checkpoint").value == "a_first"


def test_a_training_without_anything_yet_is_no_trouble(shelf: Path) -> None:
    job(shelf, "empty", phase="failed", said="It could not read the corpus.")
    test = app(PAGE)
    assert trouble(test) == []
    assert "could not read" in test.error[0].value


def test_several_trainings_can_be_chosen_between(shelf: Path, tokenizer: Tokenizer) -> None:
    trained(shelf, tokenizer, "one")
    trained(shelf, tokenizer, "two", phase="stopped")
    test = app(PAGE, train_job="one")
    assert test.selectbox(key="pick_train_job").value == "one"
    assert {*test.selectbox(key="pick_train_job").options} == {"one: finished", "two: stopped"}
    test.selectbox(key="pick_train_job").set_value("two").run()
    assert trouble(test) == []
    assert test.session_state["train_job"] == "two"


def test_the_place_in_the_queue_is_told(shelf: Path) -> None:
    first, second = (job(shelf, name, phase="waiting") for name in ("one", "two"))
    locks = [jobs_files.lock(each.folder) for each in (first, second)]
    try:
        runs.forget()
        told = {job.name: runs.words(job) for job in runs.found()}
        assert told == {"one": "waiting, place 1 in the queue", "two": "waiting, place 2 in the queue"}
    finally:
        for lock in locks:
            os.close(lock)


def test_the_teacher_s_code(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "code", lambda: "sésame")
    assert people.has_teacher()
    assert not people.become_teacher("sesame")
    assert not people.become_teacher("")
    assert people.become_teacher(" sésame ")
    monkeypatch.setattr(people, "code", lambda: "")
    assert not people.become_teacher("")


def test_a_cookie_that_is_not_ours_is_nobody_s(monkeypatch: pytest.MonkeyPatch) -> None:
    cookies = {people.COOKIE: "<script>"}
    monkeypatch.setattr(st, "context", SimpleNamespace(cookies=cookies))
    assert people.cookie() == ""
    cookies[people.COOKIE] = TOKEN
    assert people.cookie() == TOKEN


@pytest.mark.parametrize(
    ("seconds", "said"), [(3, "5 seconds"), (62, "60 seconds"), (200, "3 minutes"), (9000, "2.5 hours")]
)
def test_an_estimate_is_not_more_exact_than_it_is(seconds: float, said: str) -> None:
    assert runs.about(seconds) == said


def test_every_usual_recipe_is_one_that_the_command_line_takes() -> None:
    for line in (recipes.GRAMMAR, recipes.EVERYDAY, recipes.OWN, recipes.FINE_TUNE):
        arguments = ("x", *shlex.split(line))
        options = recipes.options(line)
        assert parsed(arguments) == recipes.recipe("x", "", options)
        assert parsed(recipes.arguments("x", "", options)) == recipes.recipe("x", "", options)


ELSEWHERE = "pages/10_tokens.py"


def keys(elements: Iterable[Any]) -> set[str]:
    """Their keys."""
    return {element.key for element in elements}


def test_in_the_sidebar_it_is_one_folded_element(shelf: Path) -> None:
    test = app(ELSEWHERE)
    assert trouble(test) == []
    assert "train_fold_corpus" not in keys(test.sidebar.selectbox)
    assert "train_fold_start" not in keys(test.sidebar.button)
    assert len(test.sidebar.get("progress")) == 0
    test.session_state["train_fold"] = True
    test.run()
    assert "train_fold_start" in keys(test.sidebar.button)


@pytest.mark.parametrize("minutes", [0, 5])
def test_the_sidebar_trains_with_one_click_on_any_page(submitted: Submitted, minutes: int) -> None:
    test = app(ELSEWHERE)
    test.session_state["train_fold"] = True
    test.run()
    test.select_slider(key="train_fold_minutes").set_value(minutes).run()
    test.button(key="train_fold_start").click().run()
    assert trouble(test) == []
    ((name, arguments, _token),) = submitted
    assert name == "my-grammar"
    usual = recipes.recipe("grammar-en-fr", "", recipes.options(recipes.GRAMMAR))
    changes = {"minutes": minutes, "epochs": None} if minutes else {}
    assert parsed(arguments) == replace(usual, **changes)


def test_switched_off_the_sidebar_says_nothing(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_TRAINING", "off")
    test = app(ELSEWHERE)
    test.session_state["train_fold"] = True
    test.run()
    assert trouble(test) == []
    assert "train_fold_start" not in keys(test.sidebar.button)


def test_only_the_owner_sees_a_line_of_progress(
    shelf: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(shelf, tokenizer, phase="running")
    lock = jobs_files.lock(shelf / "mine")
    try:
        runs.forget()
        assert len(app(ELSEWHERE).sidebar.get("progress")) == 0
        monkeypatch.setattr(people, "cookie", lambda: TOKEN)
        (line,) = app(ELSEWHERE).sidebar.get("progress")
        assert line.proto.value == 50
        assert line.proto.text == "mine: running, 50 %, 0:25 left"
        assert len(app(PAGE).sidebar.get("progress")) == 0, "the page itself tells it"
    finally:
        os.close(lock)


def test_the_cookie_is_written_once_something_is_owned_and_only_then(
    submitted: Submitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(test: AppTest) -> list[str]:
        return [element.proto.json for element in test.get("bidi_component") if people.COOKIE in element.proto.json]

    test = app(PAGE)
    assert told(test) == []
    test.button(key="train_start").click().run()
    (written,) = told(test)
    assert json.loads(written)["token"] == submitted[0][2]
    monkeypatch.setattr(people, "cookie", lambda: submitted[0][2])
    assert told(test.run()) == []
