"""The page of models: what it says of each, who may change which, and what becomes of files from elsewhere."""

import io
import json
import os
import shutil
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.models import actions, facts
from tests import ROOT
from tests.apps import app, headed, html, pictures, room, trouble, unfold
from tests.relatives.test_kept import keep
from tests.small_models import small_checkpoint
from transformer import checkpoint
from transformer.jobs import files as jobs_files
from transformer.jobs.files import Record
from transformer.model import Transformer
from transformer.shelf import archive
from transformer.tokenizer import Tokenizer
from ui.session import state
from ui.training import people

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE = "pages/340_models.py"
ME, SOMEBODY = "m" * 43, "s" * 43
MARKS = {"steps": 70, "validation": {"bleu": 12.345, "exact_match": 6.789}}


@pytest.fixture
def runs(tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A shipped model; on the shelf one with snapshots from a job of mine, and one that somebody else brought along."""
    monkeypatch.setattr(checkpoint, "FOLDERS", (tmp_path / "pretrained", tmp_path / "runs"))
    monkeypatch.setattr(people, "here", lambda: False)
    runs = tmp_path / "runs"
    small_checkpoint(tmp_path / "pretrained" / "shipped", tokenizer, corpora=[{"name": "<b>c</b>"}], training=MARKS)
    for name in ("mine", "theirs"):
        small_checkpoint(runs / name, tokenizer, decoder_layers=1, training=MARKS)
    model = checkpoint.load(runs / "mine").model
    for step in (0, 70):
        checkpoint.save_snapshot(runs / "mine", model, step, {"steps": step})
    record = Record(owner=archive.digest(ME), arguments=("grammar-en-fr",), submitted=1.0, phase="finished")
    jobs_files.write(runs / "mine", record)
    (runs / "theirs" / archive.OWNER).write_text(json.dumps({"owner": archive.digest(SOMEBODY)}))
    yield runs
    st.cache_data.clear()
    st.cache_resource.clear()


def person(test: AppTest, token: str = ME, teacher: bool = False) -> AppTest:
    """The same page, for that person."""
    test.session_state[people.TOKEN] = token
    test.session_state[people.TEACHER] = teacher
    return test.run()


def buttons(test: AppTest) -> set[str]:
    """The keys of the buttons there are."""
    return {str(button.key) for button in test.button}


# What is told.


def test_what_is_told_of_a_model_is_in_its_files(runs: Path) -> None:
    test = app(PAGE, mdl_name="mine")
    assert trouble(test) == []
    model = checkpoint.load("mine").model
    for word in (f"{model.number_of_parameters:,}", "1 + 1 layers, 5 heads, width 20", "70", "12.3", "6.8", "2"):
        assert f"<b>{word}</b>" in room(test)
    table = test.dataframe[0].value
    assert list(table.iloc[:, 0]) == [
        "shipped",
        *sorted(["mine", "theirs"], key=lambda name: -state.origin(runs / name).written),
    ]
    row = table[table.iloc[:, 0] == "mine"].iloc[0]
    assert row["Parameters"] == model.number_of_parameters
    assert (row["BLEU"], row["Steps"], row["Snapshots"]) == (12.3, 70, 2)
    assert row["MB"] == pytest.approx(len(archive.pack(runs / "mine", snapshots=True)) / 1e6, abs=0.06)


def test_the_numbers_of_the_lesson_add_up_to_the_model(runs: Path) -> None:
    test = app(PAGE, mdl_name="mine", depth="numbers")
    said = " ".join(each.value for each in test.markdown)
    total = checkpoint.load("mine").model.number_of_parameters
    assert f"**{total:,}**".replace(",", "\\,") in said
    assert f"{2 * total:,} bytes".replace(",", "\\,") in said
    unfold(test, "formula")
    assert trouble(test) == []
    assert not any("[[" in each.value for each in test.markdown)


def test_a_link_opens_it(runs: Path) -> None:
    test = app(PAGE, mdl_name="mine")
    assert any("?checkpoint=mine" in each.value for each in test.code)
    opened = app("", checkpoint="mine", text="I see.")
    assert opened.selectbox(key="checkpoint").value == "mine"


def test_open_puts_it_into_the_sidebar_as_it_is_now(runs: Path) -> None:
    test = app(PAGE, mdl_name="mine", checkpoint="theirs", moment="0")
    test.button(key="models_open").click().run()
    assert trouble(test) == []
    assert test.selectbox(key="checkpoint").value == "mine"
    assert test.session_state["moment"] is None
    assert "Every page now shows “mine”" in test.success[0].value


def test_a_download_is_packed_when_it_is_clicked(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed: list[tuple[str, bool]] = []
    monkeypatch.setattr(archive, "pack", lambda folder, snapshots: packed.append((folder.name, snapshots)) or b"")
    test = app(PAGE, mdl_name="mine")
    labels = [button.proto.label for button in test.get("download_button")]
    assert any("Download" in label for label in labels)
    assert any("2 snapshots" in label for label in labels)
    assert packed == []


def test_a_click_on_a_point_chooses_its_model(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    test = app(PAGE, mdl_name="mine")
    sent = [json.loads(each.proto.json) for each in test.get("bidi_component") if each.proto.json]
    figure = json.loads(next(each for each in sent if each.get("name") == "models")["steps"][0]["figure"])
    points = {trace["customdata"][0][0]: trace["hovertext"][0] for trace in figure["data"] for _ in trace["x"]}
    assert any("shipped" in said for said in points.values())
    assert all("<b>c</b>" not in trace["name"] for trace in figure["data"])


# Who may.


@pytest.mark.parametrize(("name", "token", "teacher", "allowed"), [
    ("mine", ME, False, True), ("mine", SOMEBODY, False, False), ("mine", "", False, False), ("mine", SOMEBODY, True, True),
    ("theirs", ME, False, False), ("theirs", SOMEBODY, False, True), ("shipped", ME, True, False),
])  # fmt: skip
def test_only_who_may_is_asked(runs: Path, name: str, token: str, teacher: bool, allowed: bool) -> None:
    test = person(app(PAGE, mdl_name=name), token, teacher)
    assert trouble(test) == []
    assert ({"models_rename_now", "models_delete_now"} <= buttons(test)) is allowed
    assert any("rename" in said.value or "renamed" in said.value for said in test.caption) is not allowed


def test_a_model_is_renamed_and_stays_chosen_everywhere(runs: Path) -> None:
    test = person(app(PAGE, mdl_name="mine", checkpoint="mine"))
    test.text_input(key="models_new_mine").set_value("우리 반 <b>").run()
    test.button(key="models_rename_now").click().run()
    assert trouble(test) == []
    assert "is now “우리" in test.success[0].value
    assert (runs / "우리-반-b").is_dir()
    assert not (runs / "mine").exists()
    assert test.selectbox(key="checkpoint").value == test.selectbox(key="pick_model").value == "우리-반-b"
    assert not test.run().success, "it is said once"


def test_a_model_is_deleted_by_a_second_click(runs: Path) -> None:
    test = person(app(PAGE, mdl_name="mine", checkpoint="mine"))
    assert (runs / "mine").is_dir()
    test.button(key="models_delete_now").click().run()
    assert trouble(test) == []
    assert "is deleted" in test.success[0].value
    assert not (runs / "mine").exists()
    assert "mine" not in test.selectbox(key="checkpoint").options
    assert "mine" not in test.selectbox(key="pick_model").options


def test_what_somebody_else_deleted_meanwhile_is_told(runs: Path) -> None:
    """Two sessions look at the same model; both press."""
    one, two = person(app(PAGE, mdl_name="mine")), person(app(PAGE, mdl_name="mine"), SOMEBODY, teacher=True)
    two.button(key="models_delete_now").click().run()
    assert two.success
    one.button(key="models_delete_now").click().run()
    assert trouble(one) == []
    assert "no model “mine” any more" in one.error[0].value
    assert one.selectbox(key="pick_model").value == "shipped"
    assert not one.run().error


def test_nobody_renames_with_a_page_that_was_drawn_for_another(runs: Path) -> None:
    test = person(app(PAGE, mdl_name="mine"))
    test.session_state[people.TOKEN] = SOMEBODY
    test.button(key="models_delete_now").click().run()
    assert trouble(test) == []
    assert "Only the person who started" in test.error[0].value
    assert (runs / "mine" / "model.safetensors").is_file()


def test_a_running_training_is_not_deleted(runs: Path) -> None:
    record = Record(owner=archive.digest(ME), arguments=("grammar-en-fr",), submitted=1.0, phase="running")
    jobs_files.write(runs / "mine", record)
    held = jobs_files.lock(runs / "mine")
    try:
        test = person(app(PAGE, mdl_name="mine"))
        test.button(key="models_delete_now").click().run()
        assert trouble(test) == []
        assert "Stop it first" in test.error[0].value
    finally:
        os.close(held)


# Files from elsewhere.


def file_of(runs: Path, **changes: bytes) -> io.BytesIO:
    """The file of `mine`, with its snapshots; entries may be changed."""
    with zipfile.ZipFile(io.BytesIO(archive.pack(runs / "mine", snapshots=True))) as found:
        entries = {name: found.read(name) for name in found.namelist()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name, content in (entries | {name.replace("_", "."): content for name, content in changes.items()}).items():
            target.writestr(name, content)
    return made


class Session(dict[str, object]):
    """A stand-in for Streamlit's."""


@pytest.fixture
def session(runs: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """Me, outside a page."""
    session = Session({people.TOKEN: ME})
    monkeypatch.setattr(st, "session_state", session)
    return session


def test_an_upload_is_here_for_everybody_and_mine(runs: Path, session: Session) -> None:
    actions.take("../우리 반.zip", file_of(runs))
    assert session["_models_told"][0] == "success"  # type: ignore[index]
    place = runs / "우리-반"
    assert checkpoint.moments(place) == (0, 70)
    assert archive.owner(place) == archive.digest(ME)
    assert archive.brought(runs, archive.digest(ME)) == 1
    assert session["mdl_name"] == "우리-반"
    one, two = checkpoint.load("우리-반@70").model, checkpoint.load("mine@70").model
    for name, tensor in one.state_dict().items():
        np.testing.assert_array_equal(tensor.numpy(), two.state_dict()[name].numpy())


@pytest.mark.parametrize("evil", ["binary", "pickle", "empty", "card", "cut"])
def test_what_is_no_model_is_one_sentence(runs: Path, session: Session, evil: str) -> None:
    file = {
        "binary": lambda: io.BytesIO(bytes(range(256)) * 999), "pickle": lambda: io.BytesIO(b"\x80\x04cposix\nsystem\n."),
        "empty": lambda: io.BytesIO(), "card": lambda: file_of(runs, card_json=b"[]"),
        "cut": lambda: io.BytesIO(file_of(runs).getvalue()[:-50]),
    }[evil]()  # fmt: skip
    before = sorted(runs.rglob("*"))
    actions.take("evil.zip", file)
    kind, sentence = session["_models_told"]  # type: ignore[misc]
    assert kind == "error"
    assert sentence.endswith(".")  # type: ignore[has-type]
    assert str(runs) not in sentence  # type: ignore[has-type]
    assert sorted(runs.rglob("*")) == before
    assert "mdl_name" not in session


def test_nobody_fills_the_shelf_alone(runs: Path, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MINE", 2)
    kinds = []
    for _ in range(3):
        actions.take("mine.zip", file_of(runs))
        kinds.append(session["_models_told"][0])  # type: ignore[index]
    assert kinds == ["success", "success", "error"]
    assert "brought 2 models along already" in session["_models_told"][1]  # type: ignore[index]
    session[people.TEACHER] = True
    actions.take("mine.zip", file_of(runs))
    assert session["_models_told"][0] == "success"  # type: ignore[index]


def test_private_windows_of_one_network_do_not_fill_it_either(
    runs: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each window is another person, but they come from one address."""
    monkeypatch.setattr(actions, "FROM_ONE_ADDRESS", 2)
    monkeypatch.setattr(people, "address", lambda: "192.0.2.7")
    kinds = []
    for number in range(3):
        session[people.TOKEN] = f"{ME}{number}"
        actions.take("mine.zip", file_of(runs))
        kinds.append(session["_models_told"][0])  # type: ignore[index]
    assert kinds == ["success", "success", "error"]
    assert "From your network 2 models" in session["_models_told"][1]  # type: ignore[index]
    monkeypatch.setattr(people, "address", lambda: "192.0.2.8")
    actions.take("mine.zip", file_of(runs))
    assert session["_models_told"][0] == "success"  # type: ignore[index]


def test_the_shelf_has_an_end(runs: Path, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_TRAINING_MODELS", str(len(list(runs.glob("*/card.json"))) + 1))
    kinds = []
    for _ in range(2):
        actions.take("mine.zip", file_of(runs))
        kinds.append(session["_models_told"][0])  # type: ignore[index]
    assert kinds == ["success", "error"]
    assert "models on this server already. Delete some" in session["_models_told"][1]  # type: ignore[index]


def test_a_full_disk_is_told(runs: Path, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 1))  # type: ignore[attr-defined]
    actions.take("mine.zip", file_of(runs))
    assert session["_models_told"] == ("error", "The disk is too full for another model. Delete one, then try again.")


def test_the_server_takes_what_the_field_allows() -> None:
    """Streamlit's own limit counts before the field's."""
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert config["server"]["maxUploadSize"] == actions.UPLOAD == archive.MOST // 2**20


def test_uploads_can_be_switched_off(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert app(PAGE).get("file_uploader")
    monkeypatch.setenv("ATLAS_TRAINING", "off")
    test = app(PAGE)
    assert trouble(test) == []
    assert not test.get("file_uploader")
    assert any("switched off" in said.value for said in test.caption)
    assert person(test, ME, teacher=True).get("file_uploader")


# Odd models, odd addresses.

CARDS = [
    "[]", "{}", '{"config": 7}', '{"config": {"d_model": "x"}, "training": [], "corpora": {}, "evaluations": 3}',
    '{"training": {"validation": {"bleu": "NaN", "exact_match": [1]}, "steps": "many"}, "parameters": true}',
    '{"corpora": [3, {"name": null}, {"name": "<script>"}], "evaluations": [null, {"bleu": 1e300}]}', "\x00nonsense",
]  # fmt: skip


@pytest.mark.parametrize("card", CARDS)
def test_a_card_of_a_stranger_never_breaks_the_page(runs: Path, card: str) -> None:
    (runs / "theirs" / "card.json").write_text(card)
    test = app(PAGE, mdl_name="theirs")
    assert trouble(test) == []
    assert len(headed(test)) == 1
    assert "theirs" in test.selectbox(key="pick_model").options or "theirs" not in checkpoint.available()
    for depth in ("numbers", "formula"):
        unfold(test, depth)
        assert trouble(test) == []
    assert not any("<script" in said for said in html(test))


def test_a_card_with_odd_marks_says_only_what_is_sound(runs: Path) -> None:
    path = runs / "theirs" / "card.json"
    card = json.loads(path.read_text())
    odd = {"steps": "x", "validation": {"bleu": True, "exact_match": None}}
    path.write_text(json.dumps(card | {"training": odd, "evaluations": [{"bleu": "7"}, 3], "corpora": [7]}))
    found = facts.facts(state.origin(runs / "theirs"))
    assert (found.bleu, found.exact, found.steps) == (None, None, None)
    assert trouble(app(PAGE, mdl_name="theirs")) == []


@pytest.mark.parametrize("asked", [
    {"mdl_name": "nobody"}, {"mdl_name": "<b>"}, {"mdl_name": "../.."}, {"checkpoint": "nobody"}, {"depth": "sea"},
])  # fmt: skip
def test_absurd_addresses(runs: Path, asked: dict[str, str]) -> None:
    test = app(PAGE, **asked)
    assert trouble(test) == []
    assert pictures(test) >= 2
    assert not any("<b>" in each.value for each in test.code)


def test_a_model_that_cannot_be_opened_can_still_be_deleted(runs: Path) -> None:
    (runs / "mine" / "model.safetensors").write_bytes(b"nonsense")
    test = person(app(PAGE, mdl_name="mine"))
    assert trouble(test) == []
    assert "mine" in room(test)
    assert "models_open" not in buttons(test)
    test.button(key="models_delete_now").click().run()
    assert trouble(test) == []
    assert not (runs / "mine").exists()


def test_no_model_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "FOLDERS", (tmp_path / "none",))
    test = app(PAGE)
    assert trouble(test) == []
    assert "no trained model" in test.info[0].value
    assert test.get("file_uploader")


def test_many_models_are_all_listed(runs: Path) -> None:
    for number in range(14):
        shutil.copytree(runs / "theirs", runs / f"copy-{number}")
    test = app(PAGE)
    assert trouble(test) == []
    assert len(test.dataframe[0].value) == 17
    assert isinstance(checkpoint.load("copy-13").model, Transformer)


def test_the_score_is_that_of_sentences_as_they_are() -> None:
    assert facts.best([{"bleu": 60.0, "typed": "capitals"}]) == {}
    assert facts.best([{"bleu": 50.0}, {"bleu": 60.0, "typed": "capitals"}]) == {"bleu": 50.0}


def test_a_recurrent_model_is_told_as_what_it_is(
    tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = keep(tmp_path, "gru", tokenizer)
    monkeypatch.setattr(checkpoint, "FOLDERS", (tmp_path,))
    test = app(PAGE)
    assert trouble(test) == []
    parameters = checkpoint.load_any(folder).model.number_of_parameters
    assert any("One hidden state, GRU, width 10" in said and f"{parameters:,}" in said for said in html(test))
