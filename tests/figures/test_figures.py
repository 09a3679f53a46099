"""The contract of every picture: valid JSON, the theme, titled axes, and the numbers drawn are those given."""

import copy
import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import plotly.graph_objects as go
import plotly.io
import pytest

import figures
from figures import describe, labels, theme
from figures.heads import attention, lines
from figures.writing import distributions
from tests.figures import samples
from tests.figures.samples import ENGLISH, FRENCH, WEIGHTS, softmax
from tests.figures.samples.heads.lines import linked

HELPERS = {"theme.figure"}  # joins what the others drew
AWKWARD = ["▁안녕하세요", "▁🐶", "<0xEA>", "▁", "▁<b>hi</b>", "▁a&amp;b", "▁<a", "▁$x$", "▁%{x}", "▁la", "▁la"]
AWKWARD.append("▁" + "long" * 9)


def modules(package: ModuleType) -> Iterator[tuple[str, ModuleType]]:
    """Every module in the rooms of `package`, with the last part of its name."""
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not module.ispkg:
            yield module.name.rpartition(".")[2], importlib.import_module(module.name)


def gathered(name: str) -> dict[str, Any]:
    """`SAMPLES` or `DRAWN` of every file in `samples/`, by `module.function`."""
    found: dict[str, Any] = {}
    for module, loaded in modules(samples):
        found |= {f"{module}.{function}": sample for function, sample in getattr(loaded, name).items()}
    return found


SAMPLES, DRAWN = gathered("SAMPLES"), gathered("DRAWN")


def public_figures() -> Iterator[tuple[str, Callable[..., go.Figure]]]:
    """Every public function of `figures/` that says it returns a figure, as (module.function, function)."""
    for module, loaded in modules(figures):
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            here = function.__module__ == loaded.__name__ and not name.startswith("_")
            if here and inspect.signature(function).return_annotation is go.Figure:
                yield f"{module}.{name}", function


FIGURES = {name: draw for name, draw in public_figures() if name not in HELPERS}


def sample(name: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments to call a picture with."""
    assert name in SAMPLES, (
        f"figures.{name} is a new picture: add arguments for it to SAMPLES in tests/figures/samples/."
    )
    positional, named = SAMPLES[name]
    return positional, {"title": "Each French piece looks at & weighs <English> pieces"} | named


def drawn(name: str, mode: str = "light") -> dict[str, Any]:
    """What the browser receives."""
    positional, named = sample(name)
    return strict(FIGURES[name](*positional, mode=mode, **named))


def strict(figure: go.Figure) -> dict[str, Any]:
    """The figure's JSON; NaN and infinity, which JSON lacks, are errors."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} in the figure's JSON")

    return json.loads(figure.to_json(), parse_constant=refuse)


def test_every_picture_has_a_sample_and_every_sample_a_picture():
    for name in FIGURES:
        sample(name)
    assert set(SAMPLES) == set(FIGURES)


@pytest.mark.parametrize("mode", theme.MODES)
@pytest.mark.parametrize("name", FIGURES)
def test_json_is_valid_themed_and_accepted_by_plotly(name: str, mode: str):
    figure = drawn(name, mode)
    assert figure["layout"]["template"]["layout"]["font"]["color"] == theme.INK[mode]
    assert figure["layout"]["template"]["layout"]["paper_bgcolor"] == theme.TRANSPARENT
    go.Figure(figure)  # with Plotly's own checks, which the quick path leaves out


@pytest.mark.parametrize("name", FIGURES)
def test_axes_are_titled_or_hidden(name: str):
    layout = drawn(name)["layout"]
    for axis in (layout["xaxis"], layout["yaxis"]):
        assert axis.get("visible") is False or axis["title"]["text"]


@pytest.mark.parametrize("name", FIGURES)
def test_arguments_are_not_changed_and_the_picture_is_the_same_again(name: str):
    positional, _ = sample(name)
    before = copy.deepcopy(positional)
    assert drawn(name) == drawn(name)
    for old, new in zip(before, positional, strict=True):
        np.testing.assert_array_equal(old, new)


@pytest.mark.parametrize("name", FIGURES)
def test_the_numbers_drawn_are_the_numbers_given(name: str):
    assert name in DRAWN, (
        f"figures.{name} is a new picture: add to DRAWN in tests/figures/samples/ how its numbers are read back."
    )
    found, given = DRAWN[name](drawn(name))
    np.testing.assert_allclose(found, given, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", FIGURES)
def test_titles_show_markup_as_text(name: str):
    title = drawn(name)["layout"]["title"]["text"].replace("<br>", " ")
    assert title == "Each French piece looks at &amp; weighs &lt;English&gt; pieces"


@pytest.mark.parametrize("count", [1, 2, 12, 60])
def test_any_length_of_sentence_is_drawn(count: int):
    pieces = [AWKWARD[position % len(AWKWARD)] for position in range(count)]
    for draw, weights in (
        (attention.heatmap, softmax(count, count)),
        (attention.signed_heatmap, softmax(count, count) - 0.5),
        (attention.small_multiples, softmax(3, count, count)),
        (lines.lines, softmax(count, count)),
    ):
        go.Figure(strict(draw(weights, pieces, pieces, title="")))


def test_equal_pieces_stay_apart_and_in_order():
    layout = drawn("attention.heatmap")["layout"]
    assert [layout["yaxis"]["labelalias"][str(row)] for row in range(len(FRENCH))][2:5] == ["la", "rue", "la"]
    assert layout["yaxis"]["range"][0] > layout["yaxis"]["range"][1], "the first query must be on top"


def test_pieces_with_markup_are_shown_as_text():
    for name in ("attention.heatmap", "attention.small_multiples", "lines.lines"):
        text = json.dumps(drawn(name), ensure_ascii=False)
        assert "<b>hi" not in text
        assert "&lt;b&gt;hi&lt;/b&gt;" in text


def test_long_pieces_are_short_on_the_axis_and_whole_under_the_mouse():
    long = "▁" + "long" * 9
    figure = strict(attention.heatmap(softmax(1, 1), [long], [long], title=""))
    assert figure["layout"]["xaxis"]["labelalias"]["0"] == "longlonglongl…"
    assert figure["data"][0]["meta"]["cells"]["rows"] == [long[1:]]


@pytest.mark.parametrize(
    ("piece", "shown"),
    [("▁dog", "dog"), ("ie", "·ie"), ("n't", "·n't"), ("</s>", "</s>"), ("▁", "␣"), ("<0xEA>", "EA"), (".", "."),
     ("▁안", "안"), ("녕", "·녕")],
)  # fmt: skip
def test_labels(piece: str, shown: str):
    assert labels.label(piece) == shown


def test_a_mosaic_uses_one_pair_of_axes_and_leaves_holes_between_heads():
    figure = drawn("attention.small_multiples")
    assert len(figure["data"]) == 1
    assert {key for key in figure["layout"] if re.match(r"[xy]axis", key)} == {"xaxis", "yaxis"}
    assert [note["text"] for note in figure["layout"]["annotations"]][2:4] == ["head 3", "<b>head 4</b>"]


def test_a_frame_surrounds_exactly_the_chosen_head():
    plan = attention.mosaic(8, len(FRENCH), len(ENGLISH))
    frame = drawn("attention.small_multiples")["layout"]["shapes"][0]
    top, left = plan.corner(3)
    assert (frame["x0"], frame["y0"]) == (left - 0.5, top - 0.5)
    assert (frame["x1"] - frame["x0"], frame["y1"] - frame["y0"]) == (len(ENGLISH), len(FRENCH))


def test_a_chosen_query_keeps_only_its_lines_under_the_mouse():
    figure = strict(lines.lines(WEIGHTS, FRENCH, ENGLISH, query=2, title=""))
    told = linked(figure, WEIGHTS.shape)
    assert told[2].sum() > 0.9
    assert np.delete(told, 2, axis=0).sum() == 0


def test_the_caption_counts_the_lines_left_out():
    weights = np.array([[0.995, 0.005], [0.0, 1.0]])
    assert lines.caption(weights).startswith("1 of 4 weights")
    assert lines.caption(np.eye(2)) == ""


def test_few_traces_and_few_lines_however_long_the_sentence():
    figure = strict(lines.lines(np.full((60, 60), 1 / 60), ["▁a"] * 60, ["▁b"] * 60, title=""))
    assert len(figure["data"]) <= len(theme.TOKEN_COLOURS) * len(lines.WIDTHS) + 3
    assert sum(trace["x"].count(None) for trace in figure["data"] if trace.get("mode") == "lines") <= lines.MOST


@pytest.mark.parametrize("draw", [attention.heatmap, attention.small_multiples, lines.lines])
def test_what_cannot_be_drawn_is_refused_in_words(draw: Callable[..., go.Figure]):
    with pytest.raises(ValueError, match="3 queries and 2 keys"):
        draw(softmax(1, 2, 2), ["▁a"] * 3, ["▁b"] * 2, title="")
    with pytest.raises(ValueError, match="NaN"):
        draw(np.full((1, 1, 1), np.nan), ["▁a"], ["▁b"], title="")


def test_bars_refuse_labels_without_values():
    with pytest.raises(ValueError, match="2 labels and 1 values"):
        distributions.bars(["a", "b"], [1.0], title="", axis_title="p")


def test_the_sentence_for_screen_readers_tells_the_strongest():
    weights = np.array([[0.81, 0.19], [0.23, 0.77]])
    assert describe.sentence(weights, ["▁le", "▁chat"], ["▁the", "▁cat"]) == (
        "le looks most at the (0.81); chat looks most at cat (0.77)."
    )
    assert describe.sentence(weights, ["▁le", "▁chat"], ["▁the", "▁cat"], most=1).endswith("; and 1 more.")


def test_the_table_holds_every_number_in_the_order_of_the_picture():
    rows = describe.table(WEIGHTS, FRENCH, ENGLISH)
    assert [row[0] for row in rows] == [labels.label(piece) for piece in FRENCH]
    np.testing.assert_array_equal([row[1:] for row in rows], WEIGHTS)
    assert describe.column_names(["▁la", "▁rue", "▁la"]) == ["piece", "la", "rue", "la (3)"]


@pytest.mark.parametrize("position", range(14))
def test_text_on_a_token_can_be_read(position: int):
    shades = sorted(theme.luminance(colour) for colour in (theme.token_colour(position), theme.token_ink(position)))
    assert (shades[1] + 0.05) / (shades[0] + 0.05) >= 4.5, "WCAG 2 AA"


def test_templates_are_registered():
    assert {"atlas-light", "atlas-dark"} <= set(plotly.io.templates)


def test_colour_codes_stand_only_in_the_theme():
    root = Path(figures.__path__[0]).parent
    theme_file = Path(theme.__file__)
    folders = [root / name for name in ("figures", "pages", "ui")]
    sources = {*root.glob("*.py"), *(path for folder in folders for path in folder.glob("**/*.py"))}
    for path in sources - {theme_file}:
        assert not re.search(r"#[0-9A-Fa-f]{6}\b", path.read_text(encoding="utf-8")), f"a colour code in {path}"


def test_figures_import_neither_model_nor_page():
    for path in Path(figures.__path__[0]).glob("*.py"):
        imported = re.findall(r"^(?:from|import) ([\w.]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert not {"streamlit", "torch"} & {name.split(".")[0] for name in imported}, path
        assert {name for name in imported if name.startswith("transformer")} <= {"transformer.trace"}, path
