"""Many heads: every number that the page shows, recomputed from the model's weights by NumPy; its controls and its address."""

import copy
import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from figures.heads import attention, head_grid
from figures.labels import label
from pages.many_heads import concatenation, cost, heads, roles, rollout, word, worth
from pages.many_heads import maps as head_maps
from pages.many_heads.heads import KINDS, Asked
from tests.apps import SEEN, SEEN_FRENCH, app, html, pictures, room, said, sent, session_of, told, trouble, unfold
from tests.pages.drawings import drawings
from transformer.analysis.effects import log_probability, scoreboard
from transformer.checkpoint import Checkpoint
from transformer.what_if import Head, every_head
from transformer.what_if import attention as attention_of
from ui.frame import Session
from ui.session import attentions, choice

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE, TEXT, FRENCH = "pages/60_many_heads.py", SEEN, SEEN_FRENCH
PICTURES = ("word", "maps", "mean", "mix", "roles", "rollout")


def asked(kind: str, layer: int = 0, head: int | None = 0, layers: tuple[int, ...] = ()) -> Asked:
    """What the controls would say."""
    return Asked(picture="", kinds=(kind,), kind=kind, layer=layer, head=head, layers=layers or (layer,))  # type: ignore[arg-type]


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
    layers = tuple(range(len(each) // 5))
    for shown in (layers, (1,)):
        [drawing] = drawings(head_grid, "measures", lambda: roles.picture(given, asked(kind, 1, 2, layers=shown)))  # noqa: B023
        assert drawing["values"].shape == (5 * len(shown), len(drawing["columns"]))
        assert np.nanmax(drawing["values"]) <= 1 + 1e-6
        assert drawing["selected"] == 5 * shown.index(1) + 2
        assert [row.split()[0] for row in drawing["rows"]] == [
            f"{layer + 1}.{head + 1}" if len(shown) > 1 else str(head + 1) for layer in shown for head in range(5)
        ]
        assert not any("no clear role" in row for row in drawing["rows"])


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


@pytest.mark.parametrize("kind", ["encoder", "decoder"])
def test_rollout_by_lengths_measures_what_each_piece_gives(checkpoint: Checkpoint, kind: str) -> None:
    """The second layer times the first; each row the lengths of weight times value times W_O, and of what came in, through LayerNorm."""
    given = session_of(checkpoint)
    half, steps = getattr(given.walk.trace, kind if kind == "encoder" else "decoder"), []
    for layer, own in zip(half.layers[:2], getattr(checkpoint.model, f"{kind}_layers")[:2], strict=True):
        look, box = layer.self_attention, own.after_attention if kind == "encoder" else own.after_self_attention
        matrix, x = own.self_attention.W_O.weight.numpy(force=True), layer.input[0].numpy()
        lengths = np.zeros((len(x), len(x)))
        for query in range(len(x)):
            for key in range(len(x)):
                brought = np.concatenate(
                    [look.weights[0, head, query, key] * look.values[0, head, key] for head in range(5)]
                )
                vector = matrix @ brought + (x[query] if query == key else 0)
                lengths[query, key] = np.linalg.norm(box.norm.weight.numpy(force=True) * (vector - vector.mean()))
        steps.append(lengths / lengths.sum(1, keepdims=True))
    [drawing] = drawings(
        attention, "heatmap", partial(rollout.picture, given, replace(asked(kind, 1, None), drawn="lengths"))
    )
    np.testing.assert_allclose(drawing["weights"], steps[1] @ steps[0], atol=1e-5)


def test_the_address_brings_rollout_by_lengths(folders: Path) -> None:
    test = app(PAGE, text=TEXT, heads="rollout", rolled="lengths", source="3")
    assert trouble(test) == []
    assert "as far as lengths tell" in seen(test)
    assert "0.5 ×" not in room(test)
    assert "0.5 ×" in room(app(PAGE, text=TEXT, heads="rollout", source="3"))
    assert trouble(app(PAGE, text=TEXT, heads="rollout", rolled="luck")) == []


def view_of(test: AppTest) -> tuple[str, ...]:
    """The options chosen."""
    return tuple(str(test.segmented_control(key=f"pick_{key}").value) for key in ("heads", "kind", "layer"))


def test_it_begins_with_one_word_in_the_first_layer(folders: Path) -> None:
    assert view_of(app(PAGE, text=TEXT)) == ("word", "encoder", "1")


def test_the_address_brings_picture_attention_layer_and_head_back(folders: Path) -> None:
    test = app(PAGE, text=TEXT, heads="maps", kind="cross", layer="2", head="mean", every="true")
    assert trouble(test) == []
    assert view_of(test) == ("maps", "cross", "2")
    assert test.segmented_control(key="pick_head").value == "mean"
    assert test.toggle(key="every").value is True
    assert pictures(test) >= 3  # the strip, all heads, the chosen one


@pytest.mark.parametrize("picture", PICTURES)
def test_every_picture_of_every_attention_at_every_depth(folders: Path, picture: str) -> None:
    test = unfold(app(PAGE, text=TEXT, heads=picture, target="mine", french=FRENCH), "numbers", "formula", "code")
    for kind in KINDS if picture != "rollout" else KINDS[:2]:
        test.segmented_control(key="pick_kind").set_value(kind).run()
        assert trouble(test) == [], kind
        said = [each.value for each in test.markdown]
        outside = [re.sub(r"\$\$.*?\$\$|\$[^$]*\$", "", each, flags=re.DOTALL) for each in said]
        assert not any("[[" in each for each in said), kind
        assert not any("\\text" in each for each in outside), "what is outside a formula is no formula"
        assert len(test.code) >= 1


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("strange", [
    {"text": "😀", "target": "mine", "french": "한"}, {"text": "나는"}, {"text": "<b>hi</b>", "target": "mine", "french": "<i>$x$"},
    {"text": "a\x00b"}, {"band": "99", "dimension": "-3", "measure": "77"}, {"kind": "zzz", "layer": "99", "head": "x"},
    {"special": "false", "text": "A", "target": "mine", "french": "A"}, {"piece": "0", "source": "1", "key": "1"},
    {"piece": "none", "source": "none", "every_layer": "true"},
], ids=str)  # fmt: skip
def test_awkward_sentences_and_absurd_addresses(folders: Path, picture: str, strange: dict[str, str]) -> None:
    for kind in KINDS:
        test = app(PAGE, **{"text": TEXT, "heads": picture, "kind": kind, "every": "true"} | strange)
        assert trouble(test) == []
        assert pictures(test) >= 2
        assert [told for told in html(test) if "<i>" in told or "<b>hi<" in told] == []


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
    for picture in ("word", "maps"):
        test = app(PAGE, head="2", heads=picture, **asked)
        assert told(test, weights[1], "softmax", "more terms")
    test = app(PAGE, head="mean", heads="maps", **asked)
    assert told(test, weights.mean(), "head 5")


def test_a_clicked_measure_is_told_as_a_mean(folders: Path, checkpoint: Checkpoint) -> None:
    test = app(PAGE, text=TEXT, heads="roles", kind="encoder", layer="2", head="3", measure="1")
    same = np.diag(weights_of(checkpoint, "encoder", 1)[2]).mean()
    assert told(test, same, "itself")


@pytest.fixture
def pointed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The learner points at the third English piece, and at what was read and written third and fourth."""
    monkeypatch.setattr(choice, "place", lambda key, _length: {"piece": 2, "source": 2}.get(key))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("special", [True, False])
def test_one_word_is_its_row_in_every_head(checkpoint: Checkpoint, pointed: None, kind: str, special: bool) -> None:
    given, row = session_of(checkpoint, special), 3 if kind == "decoder" else 2
    for layers in ((1,), (0, 1)):
        make = partial(word.picture, given, asked(kind, 1, 3, layers))
        [drawing] = drawings(head_grid, "word", make)
        whole = np.concatenate([weights_of(checkpoint, kind, layer)[:, row] for layer in layers])
        if kind == "decoder":
            whole[:, row + 1 :] = np.nan
        first = drawing["first"]
        assert first == int(kind == "decoder" and not special)
        np.testing.assert_allclose(drawing["weights"], whole[:, first : first + drawing["weights"].shape[1]], atol=1e-6)
        own = 5 * layers.index(1) + 3
        assert drawing["selected"] == (own, 2 if kind == "cross" else int(np.nanargmax(whole[own])))


def test_the_first_line_names_two_heads_that_look_at_different_pieces(folders: Path, checkpoint: Checkpoint) -> None:
    line = seen(app(PAGE, text=TEXT, target="mine", french=FRENCH, kind="cross", layer="2", head="3", piece="2"))
    weights = weights_of(checkpoint, "cross", 1)[:, 1]
    other = max(
        (head for head in range(5) if weights[head].argmax() != weights[2].argmax()),
        key=lambda head: weights[head].max(),
    )
    walk = session_of(checkpoint).walk
    assert f"Read <b>{label(walk.read[1])}</b>, about to write <b>{label(walk.written[1])}</b>: head" in line
    assert "head <b>3</b> looks at" in line
    assert f"(<b>{weights[2].max():.2f}</b>)" in line
    assert f"head <b>{other + 1}</b> at" in line
    assert f"(<b>{weights[other].max():.2f}</b>)" in line


def seen(test: AppTest) -> str:
    """The line that says what is to be seen."""
    [line] = [each for each in html(test) if 'class="atlas-seen"' in each]
    return line


@pytest.mark.parametrize("picture", PICTURES)
def test_nothing_chosen_says_how_to_choose_whatever_the_language(folders: Path, picture: str) -> None:
    test = app(PAGE, text=TEXT, heads=picture, piece="none", source="none")
    assert trouble(test) == []
    if picture not in ("maps", "roles"):
        assert "atlas-empty" in room(test)
        assert "French" not in room(test)
    assert "<b>" in seen(test) or "Choose a piece" in seen(test)


def test_a_head_is_worth_what_is_lost_without_it(session: Session, checkpoint: Checkpoint) -> None:
    walk, model = session.walk, checkpoint.model
    source = checkpoint.tokenizer.encode(walk.source_text)
    falls = {each.head: each.fall for each in scoreboard(model, source, walk.written_ids)}
    head = Head("cross", 1, 2)
    found = worth.worth(session, head)
    assert found.whole == pytest.approx(float(np.log(walk.chances).sum()), abs=1e-3)
    assert found.whole - found.without == pytest.approx(falls[head], abs=1e-3)
    muted = copy.deepcopy(model)
    for kind, layer in {(each.kind, each.layer) for each in every_head(model)}:
        matrix = attention_of(muted, kind, layer).W_O.weight.data
        matrix[:, [place for place in range(20) if place // 4 != 2]] = 0
    assert found.alone == pytest.approx(log_probability(muted, source, walk.written_ids), abs=1e-3)


def test_the_proof_leads_to_the_switches_that_it_tells_of(session: Session, checkpoint: Checkpoint) -> None:
    head = Head("encoder", 1, 2)
    assert worth.link("", [head]).asks["sw_heads"] == "e2.3"
    rest = worth.others(head, checkpoint.model)
    assert worth.link("", rest).asks["sw_heads"].startswith("e1.1-e1.2-e1.4-e1.5-e2.1-e2.2-e2.4-e2.5-d1.1-")
    assert len(rest) == len(every_head(checkpoint.model)) * 4 // 5
    assert [worth.probability(np.log(value)) for value in (0.25, 1.0)] == ["0.250", "1.000"]
    assert worth.probability(-900.0) == "1.4×10⁻³⁹¹"


def test_what_a_click_in_the_concatenation_tells_belongs_to_the_head_with_the_frame(folders: Path) -> None:
    """Also where the address, or the control of the head, asks for another one than was clicked."""
    for band, head, says in (
        ("3", "4", "What head <b>4</b> adds"),
        ("0", "2", "of head <b>2</b>"),
        ("5", "5", "What head <b>5</b> adds"),
    ):
        test = app(PAGE, text=TEXT, heads="mix", layer="1", source="3", band=band, head=head, dimension="13")
        assert trouble(test) == []
        assert says in room(test)
        assert test.segmented_control(key="pick_head").value == head


def test_a_click_in_the_concatenation_chooses_the_head_it_belongs_to(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, object] = {}
    monkeypatch.setattr(concatenation.st, "session_state", state)
    for cell, head in (((4, 0, 7), "4"), ((0, 0, 9), "3"), ((6, 0, 1), "3"), ((7, 0, 1), "3")):
        concatenation.choose(cell, d_head=4, heads=5)
        assert (state["band"], state["dimension"], state["head"]) == (cell[0], cell[2], head)


def test_w_o_lets_a_head_write_outside_its_own_numbers(checkpoint: Checkpoint) -> None:
    view = attentions.attention(session_of(checkpoint), "encoder", 1)
    mixed = concatenation.mixing(view, 2)
    for head in range(5):
        added = view.module.W_O.weight.numpy(force=True)[:, 4 * head : 4 * head + 4] @ view.heads[head, 2]
        outside = np.delete(added, range(4 * head, 4 * head + 4))
        assert concatenation.elsewhere(mixed, head) == pytest.approx((outside**2).sum() / (added**2).sum(), abs=1e-4)
        assert concatenation.lengths(mixed)[head] == pytest.approx(np.linalg.norm(added), abs=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_the_memory_of_all_weights_is_that_of_the_trace(checkpoint: Checkpoint, kind: str) -> None:
    given = session_of(checkpoint)
    layers = attentions.layers(given, kind)  # type: ignore[arg-type]
    queries, keys, maps = cost.counted(given, asked(kind))
    whole = sum(weights_of(checkpoint, kind, layer).nbytes for layer in range(layers))
    assert cost.BYTES * cost.weights(queries, keys, maps) == whole
    assert cost.weights(2 * queries, 2 * keys, maps) == 4 * cost.weights(queries, keys, maps)


def test_sizes_are_told_in_a_unit_that_people_can_read() -> None:
    assert [cost.size(count) for count in (0, 999, 1000, 7776, 999_600, 96_000_000, 9_600_000_000, 10**15)] == [
        "0 bytes", "999 bytes", "1 kB", "7.78 kB", "1 MB", "96 MB", "9.6 GB", "1e+03 TB",
    ]  # fmt: skip


def test_all_maps_tell_what_they_cost(folders: Path, checkpoint: Checkpoint) -> None:
    count = len(session_of(checkpoint).walk.source)
    test = app(PAGE, text=TEXT, heads="maps")
    assert (
        f"<b>{count}</b> × <b>{count}</b> weights in each of <b>10</b> heads are <b>{cost.size(4 * count**2 * 10)}</b>"
        in said(test)
    )


@pytest.mark.parametrize(("asked_for", "sides"), [
    ({}, ["source"]), ({"kind": "decoder"}, ["target"]), ({"kind": "cross"}, ["source", "target"]),
    ({"heads": "maps", "every": "true"}, ["source", "target"]),
], ids=str)  # fmt: skip
def test_only_pieces_that_the_picture_can_show_are_chosen(
    folders: Path, asked_for: dict[str, str], sides: list[str]
) -> None:
    [strip] = [each for each in sent(app(PAGE, text=TEXT, **asked_for)) if "sides" in each]
    assert strip["sides"] == sides


def test_the_story_counts_the_pieces_that_the_heads_look_at(checkpoint: Checkpoint, pointed: None) -> None:
    given = session_of(checkpoint)
    best = {int(row.argmax()) for row in weights_of(checkpoint, "cross", 1)[:, 2]}
    told_of = word.values(given, asked("cross", 1))["where"]
    assert told_of == ("all at the same piece" if len(best) == 1 else f"at {len(best)} different pieces")
