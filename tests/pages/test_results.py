"""Results: the paper's numbers are the paper's, ours are the card's and the counts', and nothing that is asked for breaks it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.results import changed, ours
from relatives.results import ablation, costs, paper
from relatives.results.flops import Step
from tests.apps import app, pictures, said, seen, sent, trouble, unfold
from tests.small_models import small_checkpoint
from transformer import checkpoint
from transformer.checkpoint import read_card
from transformer.config import Config
from transformer.corpora import Corpus, CorpusError
from transformer.corpora.grammar_en_fr import generate
from transformer.family import class_of, sized
from transformer.tokenizer import Tokenizer
from ui.show.sums import number

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE = "pages/450_results.py"
RECIPE = {"corpus": "grammar-en-fr", "batch_tokens": 480}
MARKS = {"bleu": 12.3, "exact_match": 4.5, "sentences": 9}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    """The shipped model of the grammar; two that were trained here and never counted; others that nobody can count, or measured."""
    shelf = tmp_path_factory.mktemp("runs")
    shutil.copytree(costs.SHIPPED / "grammar-en-fr", shelf / "grammar-en-fr")
    training = {"recipe": RECIPE, "steps": 70, "seconds": 7.0, "validation": MARKS}
    small_checkpoint(shelf / "mine", tokenizer, training=training)
    small_checkpoint(shelf / "silent", tokenizer, training={"validation": MARKS})
    small_checkpoint(shelf / "unmeasured", tokenizer)
    relative = class_of("gru")(sized("gru", Config(vocabulary_size=len(tokenizer), d_model=8, heads=1)))
    checkpoint.save(shelf / "relative", relative, tokenizer, {"training": training})
    return shelf


@pytest.fixture
def page(folders: Path) -> Iterator[None]:
    """Nothing counted yet, and nothing remembered."""
    ours.counted_here().clear()
    yield
    ours.counted_here().clear()
    st.cache_data.clear()


def drawn(test: AppTest) -> dict[tuple[int, int], tuple[float, float]]:
    """The marks of the picture: where each stands."""
    [figure] = [each["steps"][0]["figure"] for each in sent(test) if each.get("name") == "results"]
    traces = json.loads(figure)["data"]
    return {
        (data[0], data[1]): (x, y)
        for trace in traces
        for data, x, y in zip(trace["customdata"], trace["x"], trace["y"], strict=True)
    }


@pytest.mark.usefixtures("page")
def test_the_paper_s_marks_are_the_paper_s() -> None:
    test = app(PAGE)
    assert trouble(test) == []
    results = [each for each in paper.load().results if "en_de" in each.bleu]
    marks = drawn(test)
    for place, each in enumerate(results):
        assert marks[0, place][1] == each.bleu["en_de"]
        if "en_de" in each.flops:
            assert marks[0, place][0] == each.flops["en_de"]
    assert "Transformer (big)</b>: <b>28.4</b> BLEU for <b>2.3×10¹⁹</b>" in seen(test)
    assert "<b>2.30×10¹⁹</b>" in said(test), "8 cards times 84 hours times 9.5e12 a second"
    assert "+2.04" in said(test)
    other = app(PAGE, rs_pair="en_fr")
    assert "41.8" in seen(other)
    assert "41.0" in said(other), "what older editions say"


@pytest.mark.usefixtures("page")
def test_our_mark_is_the_card_s_and_its_cost_the_sum(shelf: Path) -> None:
    card = read_card(shelf / "grammar-en-fr")
    [(stage, step)] = costs.cost(card, costs.read()).stages
    assert step
    for mark, value in (
        ("bleu", card["evaluations"][0]["bleu"]),
        ("exact_match", card["evaluations"][0]["exact_match"]),
    ):
        test = app(PAGE, rs_at="ours:grammar-en-fr", rs_mark=mark)
        assert trouble(test) == []
        assert f"<b>{value:.1f} " in seen(test)
        assert drawn(test)[1, 0] == pytest.approx((stage.steps * step.total, value))
    for term in (*step.forward.values(), step.backward, step.total, stage.steps * step.total):
        assert number(term) in said(test)
    assert "505 test sentences" in said(test)


@pytest.mark.usefixtures("page")
def test_what_was_not_counted_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    test = app(PAGE, rs_at="ours:mine")
    assert trouble(test) == []
    assert "not counted yet" in seen(test)
    assert drawn(test)[1, 1][1] == MARKS["bleu"]
    counted = Step(forward={"logits": 2e6}, backward=4e6, pieces=10, batches=1)
    monkeypatch.setattr(costs, "count", lambda _kept, _stage: counted)
    test.button(key="rs_count").click().run()
    assert trouble(test) == []
    assert f"<b>{number(70 * 6e6)}</b>" in seen(test)
    assert not [button for button in test.button if button.key == "rs_count"]


@pytest.mark.usefixtures("page")
def test_a_relative_stands_among_ours_with_its_own_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    """And is really counted, on a few pairs."""
    few = Corpus(name="grammar-en-fr", title="", licence="", attribution="", pairs=generate(1, 60))
    monkeypatch.setattr(costs, "open_corpus", lambda _name: few)
    test = app(PAGE, rs_at="ours:relative")
    [figure] = [each["steps"][0]["figure"] for each in sent(test) if each.get("name") == "results"]
    shapes = {tuple(where): trace["name"] for trace in json.loads(figure)["data"] for where in trace["customdata"]}
    assert [shapes[1, place] for place in range(4)] == [
        "self-attention",
        "self-attention",
        "recurrence",
        "self-attention",
    ]
    test.button(key="rs_count").click().run()
    assert trouble(test) == []
    assert "recurrent cells" in said(test)


@pytest.mark.usefixtures("page")
def test_why_something_cannot_be_counted_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = app(PAGE, rs_at="ours:silent")
    assert "does not say how it was trained" in said(silent)

    def refuse(_kept: object, _stage: object) -> Step:
        raise CorpusError("The text is not here.")

    monkeypatch.setattr(costs, "count", refuse)
    test = app(PAGE, rs_at="ours:mine")
    test.button(key="rs_count").click().run()
    assert trouble(test) == []
    assert "The text is not here" in test.warning[0].value.replace("\\", "")


@pytest.mark.usefixtures("page")
def test_a_damaged_record_takes_nothing_but_our_costs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(costs.read, "__defaults__", (tmp_path / "costs.json",))
    test = app(PAGE, rs_at="ours:grammar-en-fr")
    assert trouble(test) == []
    assert "costs.json is missing" in said(test).replace("</b>", "").replace("<b>", "")
    assert drawn(test)[0, 0][1] == 23.75
    monkeypatch.setattr(paper.load, "__defaults__", (tmp_path / "paper.json",))
    st.cache_data.clear()
    test = app(PAGE)
    assert trouble(test) == []
    assert "paper.json" in test.info[0].value


@pytest.mark.parametrize("asked", [
    {"rs_at": "ours:nobody"}, {"rs_at": "<b>"}, {"rs_pair": "de_ko"}, {"rs_mark": "luck"}, {"rs_view": "x"}, {"rs_at": "paper:ByteNet"},
    {"rs_at": "paper:Deep-Att + PosUnk", "rs_pair": "en_de"},
], ids=str)  # fmt: skip
@pytest.mark.usefixtures("page")
def test_an_address_that_asks_for_nonsense(asked: dict[str, str]) -> None:
    test = unfold(app(PAGE, **asked), "numbers", "formula", "code")
    assert trouble(test) == []
    assert pictures(test) >= 2
    assert not any("[[" in each.value for each in test.markdown)


# What matters?


def rows(test: AppTest) -> dict[tuple[int, int], list[float]]:
    """The dots of the picture by panel and row; the last of each is the mean."""
    [figure] = [each["steps"][0]["figure"] for each in sent(test) if each.get("name") == "ablation"]
    found: dict[tuple[int, int], list[float]] = {}
    for trace in json.loads(figure)["data"]:
        for where, value in zip(trace["customdata"], trace["x"], strict=True):
            found.setdefault((where[0], where[1]), []).append(value)
    return found


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize("mark", ["exact_match", "bleu", "loss"])
def test_the_dots_are_the_record_and_the_paper(mark: str) -> None:
    test = app(PAGE, rs_view="matters", rs_dots=mark)
    assert trouble(test) == []
    found, runs = rows(test), ablation.read()
    for place, row in enumerate(ablation.ROWS):
        values = [getattr(run, mark) for run in runs if run.row == row]
        assert found[0, place][-1] == pytest.approx(fmean(values))
    told = paper.load()
    assert [found[1, place][-1] for place in range(len(told.variations) + 1)] == [
        told.base.bleu,
        *(each.bleu for each in told.variations),
    ]


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize("row", ablation.ROWS)
def test_a_row_says_what_is_changed_and_what_came_of_it(row: str) -> None:
    test = app(PAGE, rs_view="matters", rs_row=row)
    assert trouble(test) == []
    runs = [run for run in ablation.read() if run.row == row]
    assert f"<b>{fmean(run.exact_match for run in runs):.1f}</b> %" in seen(test)
    for word in (f"{runs[0].parameters:,}", f"{runs[0].steps:,}", number(runs[0].flops), f"{runs[0].loss:.3f}"):
        assert f"<b>{word}</b>" in said(test)
    assert [each.value for each in test.code if ablation.command(row) in each.value]


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize("row", ["heads-16", "no-positions", "no-smoothing"])
def test_the_link_to_training_brings_the_recipe(row: str) -> None:
    test = app("pages/300_train.py", to_view="1", **changed.asks(row))
    assert trouble(test) == []
    asked = ablation.recipe(row, seed=1)
    for name in (
        "heads",
        "d_ff",
        "layers",
        "d_model",
        "epochs",
        "peak_rate",
        "label_smoothing",
        "dropout",
        "batch_tokens",
        "cool_down",
    ):
        assert test.number_input(key=f"train_{name}").value == asked.get(name, 0.1)
    assert test.session_state["train_without"] == asked.get("without", "nothing")


@pytest.mark.usefixtures("page")
def test_no_record_is_a_sentence_and_the_other_view_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ablation.read, "__defaults__", (tmp_path / "ablation.json",))
    test = app(PAGE, rs_view="matters")
    assert trouble(test) == []
    assert "relatives.results.ablation" in test.info[0].value
    (tmp_path / "ablation.json").write_text('{"runs": [1')
    assert "damaged" in app(PAGE, rs_view="matters").info[0].value
    assert drawn(app(PAGE))


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize(
    "asked", [{"rs_row": "<b>"}, {"rs_row": "heads-7"}, {"rs_dots": "luck"}, {"rs_row": "big", "rs_dots": ""}], ids=str
)
def test_an_address_that_asks_for_no_row(asked: dict[str, str]) -> None:
    test = unfold(app(PAGE, rs_view="matters", **asked), "numbers", "formula", "code")
    assert trouble(test) == []
    assert "The base gets" in seen(test)
    assert not any("[[" in each.value for each in test.markdown)
