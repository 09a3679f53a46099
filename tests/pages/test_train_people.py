"""Whose training it is: who may stop it, who sees it in the sidebar of any page, and the cookie that remembers."""

import json
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.apps import app, trouble
from tests.pages.trainings import TOKEN, Submitted, parsed, trained
from transformer import jobs
from transformer.jobs import files as jobs_files
from transformer.tokenizer import Tokenizer
from ui.training import corpora, people, recipes, runs

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest

PAGE = "pages/300_train.py"


def test_only_the_owner_and_the_teacher_may_stop_a_training(
    empty_shelf: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(empty_shelf, tokenizer, phase="running")
    stopped: list[str] = []
    monkeypatch.setattr(jobs, "stop", lambda job, *_: stopped.append(job.name))
    lock = jobs_files.lock(empty_shelf / "mine")
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


def test_the_teacher_s_code(empty_shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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


ELSEWHERE = "pages/10_tokens.py"


def keys(elements: Iterable[Any]) -> set[str]:
    """Their keys."""
    return {element.key for element in elements}


def test_in_the_sidebar_it_is_one_folded_element(empty_shelf: Path) -> None:
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
    usual = recipes.recipe("grammar-en-fr", "", corpora.suits("grammar-en-fr"))
    changes = {"minutes": minutes, "epochs": None} if minutes else {}
    assert parsed(arguments) == replace(usual, **changes)


def test_switched_off_the_sidebar_says_nothing(empty_shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_TRAINING", "off")
    test = app(ELSEWHERE)
    test.session_state["train_fold"] = True
    test.run()
    assert trouble(test) == []
    assert "train_fold_start" not in keys(test.sidebar.button)


def test_only_the_owner_sees_a_line_of_progress(
    empty_shelf: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(empty_shelf, tokenizer, phase="running")
    lock = jobs_files.lock(empty_shelf / "mine")
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


@pytest.mark.parametrize("page", ["pages/300_train.py", "pages/340_models.py"])
def test_the_teacher_types_the_code_on_the_page(empty_shelf: Path, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    people.wrong().clear()
    assert not app(page).get("text_input") or "teacher_code" not in {each.key for each in app(page).text_input}
    monkeypatch.setattr(people, "code", lambda: "sésame")
    test = app(page)
    assert trouble(test) == []
    test.text_input(key="teacher_code").set_value("open")
    test.button(key="teacher_open").click().run()
    assert "That is not the code." in [warning.value for warning in test.warning]
    assert not test.session_state[people.TEACHER]
    test.text_input(key="teacher_code").set_value("sésame")
    test.button(key="teacher_open").click().run()
    assert trouble(test) == []
    assert test.session_state[people.TEACHER]
    assert "teacher_code" not in {each.key for each in test.text_input}


def test_after_many_wrong_codes_even_the_right_one_waits(empty_shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people.wrong().clear()
    monkeypatch.setattr(people, "code", lambda: "sesame")
    for number in range(people.TRIES):
        assert people.wait() == 0
        assert not people.become_teacher(f"guess {number}")
    assert people.wait() == 10
    assert not people.become_teacher("sesame")
    now = people.time.monotonic()
    monkeypatch.setattr(people.time, "monotonic", lambda: now + people.WINDOW + 1)
    assert people.wait() == 0
    assert people.become_teacher("sesame")
    people.wrong().clear()
