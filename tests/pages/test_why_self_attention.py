"""Why self-attention: what is drawn and said is what was measured, counted or tried; a measurement runs, is cancelled, breaks off. No timings."""

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.why_self_attention import curves, running
from pages.why_self_attention.curves import Asked
from relatives import measuring
from relatives.measuring import LENGTHS, WIDTHS, Point, Record
from relatives.table_one import KINDS, heard, operations, path
from tests.apps import SEEN, app, said, seen, sent, stands_at_every_depth, trouble
from tests.figures.samples import cells
from transformer.checkpoint import Checkpoint

pytestmark = [
    pytest.mark.usefixtures("folders", "quiet"),
    pytest.mark.filterwarnings("default"),  # streamlit warns about itself under AppTest
]
PAGE = "pages/440_why_self_attention.py"
RECORD = measuring.read(measuring.RECORDED)
assert RECORD is not None
POINTS = {(each.kind, each.n, each.d): each for each in RECORD.points}


@pytest.fixture
def quiet() -> Iterator[None]:
    """A server on which nothing was measured yet, and nothing is afterwards."""
    running.bench.clear()
    yield
    running.bench().close()
    running.bench.clear()


def component(test: AppTest, name: str) -> dict[str, Any]:
    """What was sent for a picture."""
    return next(each for each in sent(test) if each.get("name") == name)


def drawn(test: AppTest, name: str = "wsa_costs") -> dict[str, Any]:
    """A picture: the step that is shown first."""
    told = component(test, name)
    figure: dict[str, Any] = json.loads(told["steps"][told["start"]]["figure"])
    return figure


def sources(test: AppTest) -> str:
    """Where the page says that its numbers come from."""
    return " ".join(each.value.replace("\\", "") for each in test.caption)


def points(figure: dict[str, Any]) -> dict[str, tuple[list[float], list[float]]]:
    """The measured points by the name of their curve."""
    return {trace["name"]: (trace["x"], trace["y"]) for trace in figure["data"] if "customdata" in trace}


def lines(figure: dict[str, Any]) -> list[list[float]]:
    """Theory's values, in the order of the kinds."""
    return [trace["y"] for trace in figure["data"] if trace["mode"] == "lines"]


@pytest.mark.parametrize("d", [32, 512])
def test_the_points_are_those_that_were_recorded(d: int) -> None:
    found = points(drawn(app(PAGE, text=SEEN, wsa_d=str(d))))
    assert list(found) == ["self-attention", "recurrence", "convolution", "dilated"]
    for kind, (xs, ys) in zip(KINDS, found.values(), strict=True):
        assert xs == list(LENGTHS)
        np.testing.assert_allclose(ys, [1e3 * POINTS[kind, n, d].seconds for n in LENGTHS])


def test_memory_by_width() -> None:
    found = points(drawn(app(PAGE, text=SEEN, wsa_view="memory", wsa_by="d", wsa_n="256")))
    for kind, (xs, ys) in zip(KINDS, found.values(), strict=True):
        assert xs == sorted(WIDTHS)
        assert ys == [POINTS[kind, 256, d].saved for d in sorted(WIDTHS)]


def test_theory_is_laid_by_one_constant_for_each_kind() -> None:
    narrow, wide = (lines(drawn(app(PAGE, text=SEEN, wsa_d=d))) for d in ("64", "512"))
    for kind, few, many in zip(KINDS, narrow, wide, strict=True):
        count = [[operations(kind, n, d) for n in LENGTHS] for d in (64, 512)]
        ratios = np.array([*np.divide(few, count[0]), *np.divide(many, count[1])])
        np.testing.assert_allclose(ratios, ratios[0])
        every = [each for each in RECORD.points if each.kind == kind]
        sizes = np.array([operations(kind, each.n, each.d) for each in every], dtype=np.float64)
        times = np.array([1e3 * each.seconds for each in every])
        assert ratios[0] == pytest.approx(np.linalg.lstsq(sizes[:, None], times, rcond=None)[0][0])


def test_a_point_is_told_term_by_term() -> None:
    test = app(PAGE, text=SEEN, wsa_kind="attention", wsa_n="512", wsa_d="128")
    text, point = said(test), POINTS["attention", 512, 128]
    assert f"{512 * 512 * 128:,}" in text
    assert f"{1e3 * point.seconds:.3g} ms" in text or f"{1e3 * point.seconds:,.0f} ms" in text
    whole = 3 * (4 * 512 * 128 * 128 + 2 * 512 * 512 * 128)
    assert f"{whole / point.seconds / 1e9:.2f}×10⁹" in text
    assert f"{point.seconds / POINTS['recurrence', 512, 128].seconds:.2f}×" in text
    assert "<b>512</b> times in a row" in text


def test_a_click_chooses_the_point() -> None:
    test = app(PAGE, text=SEEN, wsa_d="64")
    test.session_state["wsa_costs"] = {}
    taken = Asked(what="time", by="n", kind="recurrence", n=16, d=64, own=9)
    kinds = curves.curves(taken, RECORD)
    assert [kind for kind, _points in kinds] == list(KINDS)
    assert curves.chosen(taken, kinds[1][1][1])
    ring = drawn(app(PAGE, text=SEEN, wsa_kind="recurrence", wsa_n="16", wsa_d="64"))["data"][-2]
    assert (ring["x"], ring["y"]) == ([16], [pytest.approx(1e3 * POINTS["recurrence", 16, 64].seconds)])


def test_the_way_is_that_of_the_experiment() -> None:
    test = app(PAGE, text=SEEN, wsa_view="path", wsa_length="12")
    assert trouble(test) == []
    sizes = [heard(kind, 12).numpy() for kind in KINDS]
    given = np.full((len(KINDS), 12, 12), np.nan)
    for panel, each in enumerate(sizes):
        given[panel, : len(each)][each > 0] = np.log10(each[each > 0])
    np.testing.assert_allclose(cells(drawn(test, "wsa_path"), given.shape).astype(float), given)
    for kind, each in zip(KINDS, sizes, strict=True):
        assert f"<b>{path(kind, 12)}</b>" in said(test)
        assert len(each) - 1 == path(kind, 12)
    assert "recurrence <b>11</b> (steps)" in seen(test)


def test_another_kernel_carries_further() -> None:
    assert "convolution <b>3</b>" in seen(app(PAGE, text=SEEN, wsa_view="path", wsa_length="12", wsa_kernel="5"))


def test_the_matrix_has_the_numbers_of_the_model(checkpoint: Checkpoint) -> None:
    config = checkpoint.model.config
    count = len(checkpoint.tokenizer.encode(SEEN)) + 1
    maps = config.heads * len(checkpoint.model.encoder_layers)
    test = app(PAGE, text=SEEN, wsa_view="matrix")
    assert f"{count}² = {count**2}" in seen(test)
    assert f"{4 * count**2 * maps:,}" in said(test)
    trace = drawn(test, "wsa_matrix")["data"]
    assert [(each["width"][0], each["y"][0]) for each in trace] == [(count, count), (config.d_model, count)]
    steps = component(test, "wsa_matrix")["steps"]
    assert [steps[0]["name"], steps[-1]["name"]] == [f"n = {count}", "n = 1,000"]
    last = app(PAGE, text=SEEN, wsa_view="matrix", wsa_step=str(len(steps) - 1), wsa_area="1")
    assert f"{4 * 1000 * config.d_model * len(checkpoint.model.encoder_layers):,}" in said(last)


def test_what_is_chosen_stands_in_the_address_and_nothing_else() -> None:
    asked = {"wsa_view": "memory", "wsa_by": "d", "wsa_kind": "dilated", "wsa_n": "64", "wsa_d": "512"}
    held = next(each["held"] for each in sent(app(PAGE, text=SEEN, **asked)) if "held" in each)
    assert {key: value for key, value in held.items() if key in asked} == asked
    held = next(each["held"] for each in sent(app(PAGE, text=SEEN)) if "held" in each)
    assert {value for key, value in held.items() if key.startswith("wsa")} == {None}


def test_another_sentence_brings_its_own_length(checkpoint: Checkpoint) -> None:
    test = app(PAGE, text=SEEN, wsa_view="path")
    for text in ("I see him.", "I see the black dog and the black cat."):
        test.text_input(key="text").set_value(text).run()
        assert test.slider(key="wsa_length").value == len(checkpoint.tokenizer.encode(text)) + 1
    test.slider(key="wsa_length").set_value(30).run()
    test.text_input(key="text").set_value(SEEN).run()
    assert test.slider(key="wsa_length").value == 30


@pytest.mark.parametrize("asked", ["", "nonsense", "-1", "0", "7", "9" * 400, "inf", "99"])
@pytest.mark.parametrize("view", ["time", "path", "matrix"])
def test_whatever_an_address_asks_for(view: str, asked: str) -> None:
    keys = ("kind", "n", "d", "by", "length", "kernel", "panel", "layer", "position", "step", "area")
    stands_at_every_depth(app(PAGE, text=SEEN, wsa_view=view, **{f"wsa_{key}": asked for key in keys}))


@pytest.mark.parametrize("text", ["Dog", "the " * 50])
@pytest.mark.parametrize("view", ["time", "memory", "path", "matrix"])
def test_a_short_and_a_long_sentence(view: str, text: str) -> None:
    stands_at_every_depth(app(PAGE, text=text, wsa_view=view))


def put(text: str) -> None:
    """As if a measurement had written it."""
    with tempfile.NamedTemporaryFile("w", delete=False, encoding="utf-8") as file:
        file.write(text)
    running.bench().file = Path(file.name)


def mine(*found: Point, total: int = 180) -> None:
    """Put down what was measured here."""
    head = {"machine": {"processor": "abacus", "threads": "1", "torch": "0", "date": "today"}, "total": total}
    fields = ("kind", "n", "d", "forward", "backward", "saved", "matrix", "runs")
    told = [{name: getattr(each, name) for name in fields} for each in found]
    put("\n".join(map(json.dumps, [head, *told])))


def test_own_results_stand_beside_the_recorded_ones() -> None:
    own = [
        Point(kind="attention", n=n, d=64, forward=1.0, backward=n / 8, saved=1000 * n, matrix=32 * n * n, runs=2) for n in (8, 16)
    ]  # fmt: skip
    mine(*own)
    test = app(PAGE, text=SEEN, wsa_d="64", wsa_n="16")
    found = points(drawn(test))
    assert found["self-attention"] == ([8, 16], [2000.0, 3000.0])
    assert found["self-attention, recorded"][0] == list(LENGTHS)
    assert "<b>3,000 ms</b>" in said(test)
    assert f"{1e3 * POINTS['attention', 16, 64].seconds:.3g} ms" in said(test), "what was recorded, beside it"
    told = sources(test)
    assert "abacus" in told
    assert "2 of 180" in told
    assert "recorded on" in told
    elsewhere = points(drawn(app(PAGE, text=SEEN, wsa_d="512")))
    assert elsewhere["self-attention"][0] == list(LENGTHS), "nothing was measured here at this width"


def test_damaged_results_are_left_out_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put("nonsense")
    assert trouble(app(PAGE, text=SEEN)) == []
    spoilt = tmp_path / "recorded.jsonl"
    monkeypatch.setattr(running, "RECORDED", spoilt)
    test = app(PAGE, text=SEEN)
    assert trouble(test) == []
    assert "cannot be read" in sources(test)
    assert "no results" in test.info[0].value
    whole = measuring.RECORDED.read_text("utf-8")
    spoilt.write_text(whole[:-50], "utf-8")
    assert "1 lines of the recorded results are damaged" in sources(app(PAGE, text=SEEN))


def until(done: Any) -> None:
    """Wait for it."""
    for _each in range(600):
        if done():
            return
        time.sleep(0.1)
    raise AssertionError("it never came")


def test_a_measurement_runs_alone_and_is_cancelled() -> None:
    test = app(PAGE, text=SEEN)
    test.button(key="wsa_measure").click().run()
    assert trouble(test) == []
    bench = running.bench()
    assert bench.running
    assert not bench.begin("somebody else"), "one at a time"
    until(lambda: (found := running.mine()) and found.points)
    test.run()
    test.button(key="wsa_cancel").click().run()
    assert trouble(test) == []
    assert not bench.running
    assert not bench.failed
    left = running.mine()
    assert left is not None
    assert 0 < len(left.points) < left.total
    assert test.button(key="wsa_measure").label == "Measure here again"


def test_a_measurement_that_breaks_off_is_said() -> None:
    bench = running.bench()
    bench.begin("me", ["--widths", "7"])
    until(lambda: not bench.running)
    assert bench.failed
    test = app(PAGE, text=SEEN)
    assert trouble(test) == []
    assert "broke off" in sources(test)


def test_who_did_not_begin_it_cannot_cancel_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running.people, "here", lambda: False)
    bench = running.bench()
    bench.begin("somebody else")
    test = app(PAGE, text=SEEN)
    assert trouble(test) == []
    assert "wsa_cancel" not in [each.key for each in test.button]


def test_where_training_is_off_nothing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_TRAINING", "off")
    assert "wsa_measure" not in [each.key for each in app(PAGE, text=SEEN).button]


def test_a_record_with_few_points_has_curves_of_what_is_there() -> None:
    taken = Asked(what="time", by="n", kind="attention", n=8, d=64, own=9)
    assert curves.curves(taken, Record({}, 0)) == []
