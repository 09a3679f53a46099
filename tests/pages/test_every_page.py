"""Every page, without a browser: it runs, whatever is typed, whatever the address asks for, whatever the checkpoints are."""

import ast
import shutil
import tomllib
from collections import ChainMap
from itertools import product
from pathlib import Path

import pytest

import transformer.checkpoint
from tests import ROOT
from tests.apps import OWN, PAGES, READERS, app, headed, html, pictures, room, trouble
from tests.small_models import small_checkpoint
from transformer.model import Transformer
from transformer.tokenizer import Tokenizer

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
BORING = ("I see the dog.", "The black cat sleeps.")
NASTY = (
    "", "   ", "word " * 5000, "a" * 3000, "😀🦊", "나는 학생입니다.", "\x01\x02\x7f", "a\x00b\x1bc", "<b>hi</b>", '"', "'", "=1+1",
    "$x^2$ :red[no] *stars* `code` [link](x) # head", "<script>alert(1)</script>", "▁▁ ▁", "</s> <pad> <unk>",
    "שלום", "\u202eabc", "{who} %s",
)  # fmt: skip


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    """A folder with two checkpoints that can be used."""
    shelf = tmp_path_factory.mktemp("runs")
    corpus = {"name": "$x$ <b>", "licence": "CC0", "attribution": "*nobody*", "pairs": {"train": 5}}
    small_checkpoint(shelf / "a_first", tokenizer, corpora=[corpus], training={"validation": {"bleu": 12.3}})
    small_checkpoint(shelf / "b_second", tokenizer, decoder_layers=1)
    return shelf


@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_its_picture(folders: Path, page: str) -> None:
    test = app(page, text=BORING[0])
    assert trouble(test) == []
    assert pictures(test) >= 2
    assert len(headed(test)) == 1
    assert any('class="atlas-seen"' in each for each in html(test)), "it says what is to be seen"


@pytest.mark.parametrize(
    ("page", "text"), [*product(READERS, NASTY), *product(OWN, NASTY[:3])], ids=lambda each: ascii(each[:30])
)
def test_whatever_is_typed_there_is_a_picture_or_a_sentence(folders: Path, page: str, text: str) -> None:
    test = app(page, text=text, search="greedy")
    assert trouble(test) == []
    assert pictures(test) >= 2 or test.info
    test.segmented_control(key="pick_target").set_value("mine").run()
    test.text_input(key="french").set_value(text).run()
    assert trouble(test) == []


def test_a_sentence_that_is_too_long_says_by_how_much(folders: Path) -> None:
    said = app("pages/90_cross_attention.py", text="dog " * 200).info[0].value
    assert "60" in said
    assert any(int(word) >= 200 for word in said.split() if word.isdigit())


@pytest.mark.parametrize("page", PAGES)
def test_the_address_brings_the_whole_view_back(folders: Path, page: str) -> None:
    asked = {"text": BORING[1], "checkpoint": "b_second", "search": "greedy"}
    test = app(page, **asked)
    assert trouble(test) == []
    assert test.text_input(key="text").value == BORING[1]
    assert test.selectbox(key="checkpoint").value == "b_second"
    assert test.segmented_control(key="pick_search").value == "greedy"


def test_the_address_brings_layer_head_picture_and_cell_back(folders: Path) -> None:
    asked = {
        "text": BORING[0],
        "layer": "2",
        "head": "4",
        "view": "lines",
        "piece": "2",
        "source": "3",
        "target": "mine",
        "french": "Je vois",
    }
    test = app("pages/90_cross_attention.py", **asked)
    assert trouble(test) == []
    assert [test.segmented_control(key=f"pick_{key}").value for key in ("layer", "head", "view")] == ["2", "4", "lines"]
    assert test.text_input(key="french").value == "Je vois"
    assert any("head <b>4</b> of layer <b>2</b>" in said for said in html(test))


def test_the_sidebar_takes_a_model_back_in_time(folders: Path) -> None:
    """A snapshot is asked for by the slider or by the address; the newest is the model as it is."""
    before, after = (Transformer(opened("b_second").config) for _ in range(2))
    for step, model in ((0, before), (40, after)):
        transformer.checkpoint.save_snapshot(folders / "b_second", model, step, {"steps": step})
    test = app("pages/90_cross_attention.py", text=BORING[0], checkpoint="b_second", moment="0")
    assert trouble(test) == []
    slider = test.select_slider(key="pick_moment")
    assert (slider.options, slider.value) == (["step 0", "step 40"], 0)
    slider.set_value(40).run()
    assert test.session_state["moment"] is None
    absurd = app("pages/90_cross_attention.py", text=BORING[0], checkpoint="b_second", moment="7")
    assert trouble(absurd) == []
    assert absurd.select_slider(key="pick_moment").value == 40
    assert not app(text=BORING[0], checkpoint="a_first", moment="40").select_slider
    transformer.checkpoint.snapshot_file(folders / "b_second", 0).write_bytes(b"damaged")
    damaged = app("pages/90_cross_attention.py", text=BORING[0], checkpoint="b_second", moment="0")
    assert trouble(damaged) == []
    assert "cannot be used" in damaged.warning[0].value
    shutil.rmtree(folders / "b_second" / "snapshots")


def opened(name: str) -> Transformer:
    return transformer.checkpoint.load(name).model


ASKED: list[dict[str, str]] = [
    {"checkpoint": "nobody"}, {"layer": "99"}, {"layer": "x"}, {"head": "99"}, {"head": "-1"}, {"view": "spiral"},
    {"piece": "999", "source": "0"},
    {"piece": "two"}, {"search": "luck"}, {"width": "77"}, {"target": "yours"}, {"side": "left"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("page", "asked"),
    [*product(READERS, ASKED), *product(OWN, [dict(ChainMap(*ASKED))])],
    ids=lambda each: str(each)[:60],
)
def test_an_address_that_asks_for_what_is_not_there(folders: Path, page: str, asked: dict[str, str]) -> None:
    test = app(page, text=BORING[0], **asked)
    assert trouble(test) == []
    assert pictures(test) >= 2


def test_another_model_with_fewer_layers_and_another_sentence(folders: Path) -> None:
    """A layer and a choice that the new model does not have are forgotten."""
    test = app("pages/90_cross_attention.py", text=BORING[0], layer="3", source="1")
    test.selectbox(key="checkpoint").set_value("b_second").run()
    assert trouble(test) == []
    assert test.segmented_control(key="pick_layer").value == "1"
    test.text_input(key="text").set_value(BORING[1]).run()
    assert trouble(test) == []
    assert test.session_state["source"] not in (None, 1)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.model", "card.json"])
@pytest.mark.parametrize("damage", ["missing", "cut short", "nonsense"])
def test_a_damaged_checkpoint_is_named_and_the_others_work(
    tmp_path: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch, name: str, damage: str
) -> None:
    if (name, damage) == ("card.json", "missing"):
        pytest.skip("without a card it does not look like a checkpoint")
    for source in (shelf / "a_first").iterdir():
        for folder in (tmp_path / "0_broken", tmp_path / "1_whole"):
            folder.mkdir(exist_ok=True)
            (folder / source.name).write_bytes(source.read_bytes())
    file = tmp_path / "0_broken" / name
    whole = file.read_bytes()
    file.unlink()
    if damage != "missing":
        file.write_bytes(whole[: len(whole) // 2] if damage == "cut short" else b"\x00nonsense")
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (tmp_path,))
    test = app(text=BORING[0], checkpoint="0_broken")
    assert trouble(test) == []
    assert test.selectbox(key="checkpoint").options == ["1_whole"]
    assert "One model here cannot be opened\\." in [link.proto.label for link in test.sidebar.get("page_link")]
    assert pictures(test) >= 2
    told = app("pages/340_models.py", mdl_name="0_broken")
    assert trouble(told) == []
    assert "0_broken" in room(told)


@pytest.mark.parametrize("page", PAGES)
def test_without_any_checkpoint_it_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (tmp_path / "none",))
    test = app(page)
    assert trouble(test) == []
    if "frame.workshop(" in (ROOT / (page or "home.py")).read_text():
        assert len(headed(test)) == 1, "it can be used before there is a model"
    else:
        assert "python -m transformer train" in test.code[0].value


def test_a_checkpoint_that_is_trained_on_is_read_anew(
    tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_checkpoint(tmp_path / "mine", tokenizer, decoder_layers=1)
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (tmp_path,))
    test = app("pages/90_cross_attention.py", text=BORING[0])
    assert len(test.segmented_control(key="pick_layer").options) == 1
    small_checkpoint(tmp_path / "mine", tokenizer, decoder_layers=2)
    test.run()
    assert trouble(test) == []
    assert len(test.segmented_control(key="pick_layer").options) == 2


def test_markup_is_shown_as_text(folders: Path) -> None:
    test = app("pages/90_cross_attention.py", text="<b>hi</b>", target="mine", french="<i>a</i> <script>", piece="1")
    assert not any("<script" in said or "<i>" in said for said in html(test))


def test_home_tells_licence_and_makers(folders: Path) -> None:
    said = " ".join(element.value for element in app(text=BORING[0]).markdown)
    assert "CC0" in said
    assert r"\*nobody\*" in said


def test_nothing_slows_the_server_or_calls_out() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert config["runner"]["postScriptGC"] is False
    assert config["browser"]["serverAddress"] == "127.0.0.1", "unset, Streamlit asks the internet for it"
    assert "address" not in config["server"], "in a container nobody could reach it"
    assert config["browser"]["gatherUsageStats"] is False
    assert config["client"]["showSidebarNavigation"] is False
    assert {"light", "dark"} <= config["theme"].keys()


@pytest.mark.parametrize("page", PAGES[1:])
def test_a_page_has_a_lesson(page: str) -> None:
    assert (ROOT / "ui" / "lessons" / "en" / f"{Path(page).stem}.md").is_file()


@pytest.mark.parametrize("page", ["home.py", *PAGES[1:]])
def test_the_first_thing_a_page_does_is_to_ask_for_its_frame(page: str) -> None:
    first = next(
        node
        for node in ast.parse((ROOT / page).read_text()).body[1:]
        if not isinstance(node, ast.Import | ast.ImportFrom)
    )
    assert isinstance(first, ast.Assign)
    assert ast.unparse(first.value).startswith(("frame.page(", "frame.guest(", "frame.visit(", "frame.workshop("))
