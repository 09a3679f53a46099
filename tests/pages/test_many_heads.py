"""Many heads: every number that the page shows, recomputed from the model's weights by NumPy; its controls and its address."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from figures.heads import attention, head_grid
from pages.many_heads import concatenation, heads, roles, rollout
from pages.many_heads import maps as head_maps
from pages.many_heads.heads import KINDS, Asked
from tests.apps import SEEN, SEEN_FRENCH, app, html, pictures, session_of, told, trouble
from tests.pages.drawings import drawings
from transformer.checkpoint import Checkpoint
from ui.session import attentions

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE, TEXT, FRENCH = "pages/60_many_heads.py", SEEN, SEEN_FRENCH


def asked(kind: str, layer: int = 0, head: int | None = 0, kinds: tuple[str, ...] = ()) -> Asked:
    """What the controls would say."""
    return Asked(picture="", kinds=kinds or (kind,), kind=kind, layer=layer, head=head)  # type: ignore[arg-type]


def weights_of(checkpoint: Checkpoint, kind: str, layer: int) -> np.ndarray:
    """The weights of an attention (head, query, key), straight from the trace."""
    trace = session_of(checkpoint).walk.trace
    node = trace.encoder.layers[layer] if kind == "encoder" else trace.decoder.layers[layer]
    attention = node.cross_attention if kind == "cross" else node.self_attention
    return attention.weights[0].numpy()


@pytest.mark.parametrize("special", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_the_tiles_are_the_weights_of_every_layer_and_head(checkpoint: Checkpoint, kind: str, special: bool) -> None:
    given = session_of(checkpoint, special)
    tile = heads.tiles(given, kind)
    first, second = tile.origin
    assert len(tile.weights) == (2 if kind == "encoder" else 3)
    for layer, found in enumerate(tile.weights):
        rows, columns = found.shape[1:]
        whole = weights_of(checkpoint, kind, layer)
        np.testing.assert_allclose(found, whole[:, first : first + rows, second : second + columns], atol=1e-6)
        assert found.shape == whole.shape if special else found.shape < whole.shape
    assert len(tile.queries) == tile.weights.shape[2]


@pytest.mark.parametrize("head", [0, 4, None])
def test_the_enlarged_map_is_that_of_the_chosen_head_or_the_mean(checkpoint: Checkpoint, head: int | None) -> None:
    make = partial(head_maps.enlarged, session_of(checkpoint), asked("cross", 2, head))
    [drawing] = drawings(attention, "heatmap", make)
    whole = weights_of(checkpoint, "cross", 2)
    np.testing.assert_allclose(drawing["weights"], whole.mean(0) if head is None else whole[head], atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("query", [0, 3])
def test_what_the_heads_add_is_the_output(checkpoint: Checkpoint, kind: str, query: int) -> None:
    view = attentions.attention(session_of(checkpoint), kind, 1)
    mixed, linear = concatenation.mixing(view, query), view.module.W_O
    by_hand = np.concatenate([view.heads[head, query] for head in range(5)])
    np.testing.assert_allclose(mixed.concatenation, by_hand, atol=1e-6)
    bias = linear.bias.numpy(force=True)
    np.testing.assert_allclose(mixed.contributions.sum(0) + bias, view.output[query], atol=1e-4)
    for column in (0, 7, 19):
        assert mixed.cell(column).total == pytest.approx(view.output[query, column], abs=1e-4)
        for head in range(5):
            part = linear.weight.numpy(force=True)[column, 4 * head : 4 * head + 4] @ view.heads[head, query]
            assert mixed.contribution(head, column).total == pytest.approx(part, abs=1e-4)
            assert mixed.contributions[head, column] == pytest.approx(part, abs=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_each_row_of_the_roles_belongs_to_its_head(checkpoint: Checkpoint, kind: str) -> None:
    given = session_of(checkpoint)
    each = roles.habits(given, kind)
    assert [(habit.layer, habit.head) for habit in each] == [
        (layer, head) for layer in range(len(each) // 5) for head in range(5)
    ]
    for habit in each:
        weights = weights_of(checkpoint, kind, habit.layer)[habit.head]
        if kind != "cross":
            assert habit.found.same == pytest.approx(np.diag(weights).mean(), abs=1e-5)
            assert habit.found.previous == pytest.approx(np.diag(weights, -1).mean(), abs=1e-5)
        assert habit.found.delimiters == pytest.approx(
            weights[:, [0] if kind == "decoder" else [-1]].sum(1).mean()
            + weights[:, [-1] if kind == "decoder" else [-2]].sum(1).mean(), abs=1e-5
        )  # fmt: skip
    [drawing] = drawings(head_grid, "measures", lambda: roles.picture(given, asked(kind)))
    assert drawing["values"].shape == (len(each), len(drawing["columns"]))
    assert np.nanmax(drawing["values"]) <= 1 + 1e-6


@pytest.mark.parametrize("kind", ["encoder", "decoder"])
def test_rollout_is_that_of_all_layers_so_far(checkpoint: Checkpoint, kind: str) -> None:
    by_hand: np.ndarray | None = None
    for layer in range(2):
        mean = weights_of(checkpoint, kind, layer).mean(0)
        step = (mean + np.eye(len(mean))) / 2
        by_hand = step if by_hand is None else step @ by_hand
        make = partial(rollout.picture, session_of(checkpoint), asked(kind, layer, None))
        [drawing] = drawings(attention, "heatmap", make)
        np.testing.assert_allclose(drawing["weights"], by_hand, atol=1e-5)


def view_of(test: AppTest) -> tuple[str, ...]:
    """The options chosen."""
    return tuple(str(test.segmented_control(key=f"pick_{key}").value) for key in ("heads", "kind", "layer"))


def test_the_address_brings_picture_attention_layer_and_head_back(folders: Path) -> None:
    test = app(PAGE, text=TEXT, heads="maps", kind="cross", layer="2", head="mean", every="true")
    assert trouble(test) == []
    assert view_of(test) == ("maps", "cross", "2")
    assert test.segmented_control(key="pick_head").value == "mean"
    assert test.toggle(key="every").value is True
    assert pictures(test) >= 3  # the strip, all heads, the chosen one


@pytest.mark.parametrize("picture", ["maps", "mix", "roles", "rollout"])
def test_every_picture_of_every_attention_at_every_depth(folders: Path, picture: str) -> None:
    test = app(PAGE, text=TEXT, heads=picture, target="mine", french=FRENCH)
    for kind in KINDS if picture != "rollout" else KINDS[:2]:
        test.segmented_control(key="pick_kind").set_value(kind).run()
        for depth in ("numbers", "formula", "code", "story"):
            test.segmented_control(key="pick_depth").set_value(depth).run()
            assert trouble(test) == [], (kind, depth)
            assert not any("[[" in said.value for said in test.markdown), (kind, depth)


@pytest.mark.parametrize("picture", ["maps", "mix", "roles", "rollout"])
@pytest.mark.parametrize("strange", [
    {"text": "😀", "target": "mine", "french": "한"}, {"text": "나는"}, {"text": "<b>hi</b>", "target": "mine", "french": "<i>$x$"},
    {"text": "a\x00b"}, {"band": "99", "dimension": "-3", "measure": "77"}, {"kind": "zzz", "layer": "99", "head": "x"},
    {"special": "false", "text": "A", "target": "mine", "french": "A"}, {"piece": "0", "source": "1", "key": "1"},
], ids=str)  # fmt: skip
def test_awkward_sentences_and_absurd_addresses(folders: Path, picture: str, strange: dict[str, str]) -> None:
    for kind in KINDS:
        test = app(PAGE, **{"text": TEXT, "heads": picture, "kind": kind, "every": "true"} | strange)
        assert trouble(test) == []
        assert pictures(test) >= 2
        assert not any("<i>" in said or "<b>hi" in said for said in html(test))


def test_a_clicked_number_of_the_output_is_told_head_by_head(folders: Path, checkpoint: Checkpoint) -> None:
    test = app(PAGE, text=TEXT, target="mine", french=FRENCH, heads="mix", kind="cross", layer="2", piece="3", band="7",
               dimension="13")  # fmt: skip
    assert trouble(test) == []
    value = session_of(checkpoint).walk.trace.decoder.layers[1].cross_attention.output[0, 2, 13]
    assert told(test, value, "term by term", *(f"<small>head {head}</small>" for head in range(1, 6)))


def test_a_clicked_weight_is_told_from_its_dot_product(folders: Path, checkpoint: Checkpoint) -> None:
    asked = {
        "text": TEXT,
        "target": "mine",
        "french": FRENCH,
        "kind": "cross",
        "layer": "3",
        "piece": "2",
        "source": "4",
    }
    weights = weights_of(checkpoint, "cross", 2)[:, 1, 3]
    test = app(PAGE, head="2", **asked)
    assert told(test, weights[1], "softmax")
    test = app(PAGE, head="mean", **asked)
    assert told(test, weights.mean(), "head 5")


def test_a_clicked_measure_is_told_as_a_mean(folders: Path, checkpoint: Checkpoint) -> None:
    test = app(PAGE, text=TEXT, heads="roles", kind="encoder", layer="2", head="3", measure="1")
    same = np.diag(weights_of(checkpoint, "encoder", 1)[2]).mean()
    assert told(test, same, "itself")
