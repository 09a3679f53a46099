"""The page about alignment: every sum is the trace's, error rates a count by hand, and what an address asks for in vain counts as not asked."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

import transformer.checkpoint
from pages.alignment import asked, errors, golden, local, telling
from pages.alignment.asked import Shown
from pages.alignment.looks import KINDS, Looks, looked
from relatives.alignment import WINDOW, AlignedTrace
from tests import apps
from tests.apps import room, said, seen, sent, stands_at_every_depth, told, trouble
from tests.relatives.test_kept import keep
from tests.small_models import small_checkpoint
from transformer.checkpoint import Opened, load_any
from transformer.corpora import Pair
from transformer.corpora.grammar_en_fr import showcase
from transformer.tokenizer import Tokenizer
from transformer.training.evaluation import alignment_error_rate, proposed_links, rows_that_predict, rows_that_read
from ui.measures import gold
from ui.measures.words import spans_of
from ui.session import relatives, state

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE, TEXT, FRENCH = "pages/420_alignment.py", "The black cat sleeps here.", "Le chat noir dort ici."
GOLD = gold.example()
ASKED = {"text": TEXT, "checkpoint": "grammar-en-fr", "search": "greedy"}


@pytest.fixture
def opened(tmp_path: Path, tokenizer: Tokenizer, request: pytest.FixtureRequest) -> Opened:
    """A small untrained relative of the kind that is asked for."""
    return load_any(keep(tmp_path, str(request.param), tokenizer))


@pytest.fixture
def shelf(tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small Transformer, and of the models with attention Bahdanau's alone."""
    small_checkpoint(tmp_path / "paper", tokenizer)
    keep(tmp_path, "bahdanau", tokenizer)
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (tmp_path,))
    return tmp_path


def looks_of(opened: Opened, text: str = TEXT, french: str = FRENCH) -> Looks:
    """What a model looks at while it reads both sentences."""
    ids = (*opened.tokenizer.encode(french), opened.model.config.end_id)
    return looked(relatives.passage(opened, text, ids, forced=True), opened.model, opened.kind)


def shown_of(looks: Looks, row: int, column: int, dimension: int) -> Shown:
    """A cell of it as the page would tell it."""
    rows, columns = slice(0, len(looks.walk.written)), slice(0, len(looks.walk.source))
    return Shown(seen=SimpleNamespace(name=""), looks=looks, rows=rows, columns=columns, row=row, column=column, dimension=dimension)  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize("opened", KINDS, indirect=True)
def test_every_number_is_the_trace_s(opened: Opened) -> None:
    found = looks_of(opened)
    trace = found.walk.trace  # type: ignore[attr-defined]
    assert isinstance(trace, AlignedTrace)
    for mine, its in (
        (found.queries, trace.look.queries), (found.keys, trace.look.keys), (found.scores, trace.look.scores),
        (found.weights, trace.look.weights), (found.context, trace.look.context),
    ):  # fmt: skip
        np.testing.assert_allclose(mine, its[0].numpy(), atol=2e-6)


@pytest.mark.parametrize("opened", KINDS, indirect=True)
def test_each_sum_of_a_cell_is_its_terms(opened: Opened) -> None:
    found, (row, column, dimension) = looks_of(opened), (3, 2, 7)
    trace = found.walk.trace.look  # type: ignore[attr-defined]
    score = found.score(row, column)
    assert len(score.products) == found.width
    assert score.total == pytest.approx(float(trace.scores[0, row, column]), abs=2e-6)
    share = found.share(row, column)
    window = float(trace.window[0, row, column])
    assert share.weight * window == pytest.approx(float(trace.weights[0, row, column]), abs=1e-6)
    mixed = found.mixed(row, dimension)
    assert len(mixed.products) == len(found.walk.source)
    assert mixed.total == pytest.approx(float(trace.context[0, row, dimension]), abs=2e-6)
    lines = telling.scored(shown_of(found, row, column, dimension))
    assert f"<b>{telling.number(score.total)}</b>" in lines[-1].how
    if found.W is not None:
        bias = 0.0 if found.b is None else found.b[dimension]
        total = float(found.W[dimension] @ found.states[row] + bias)
        assert telling.number(total) in lines[0].how
        assert total == pytest.approx(float(trace.queries[0, row, dimension]), abs=2e-6)


@pytest.mark.parametrize("opened", ["bahdanau", "luong-concat"], indirect=True)
def test_bahdanau_looks_before_it_reads_and_luong_after(opened: Opened) -> None:
    """Another piece read in step 2 changes Luong's row 2, and Bahdanau's only from row 3 on."""
    one, other = (looks_of(opened, french=french).weights for french in (FRENCH, "Le chien noir dort ici."))
    assert np.abs(one[1] - other[1]).max() < 1e-9
    assert (np.abs(one[2] - other[2]).max() < 1e-9) == (opened.kind == "bahdanau")
    assert np.abs(one[3] - other[3]).max() > 1e-6


@pytest.mark.parametrize("opened", ["luong-local"], indirect=True)
def test_the_window_and_its_place_are_numpy_s(opened: Opened) -> None:
    found = looks_of(opened)
    moves, model = found.moves, opened.model
    assert moves is not None
    states = found.states
    W, v = (each.detach().double().numpy() for each in (model.W_p.weight, model.v_p))  # type: ignore[union-attr,operator]
    count = len(found.annotations)
    for row, place in enumerate(moves.places):
        assert place == pytest.approx((count - 1) / (1 + np.exp(-(v @ np.tanh(W @ states[row])))), rel=1e-12)
        expected = [np.exp(-((at - place) ** 2) / (2 * (WINDOW / 2) ** 2)) for at in range(count)]
        np.testing.assert_allclose(moves.window[row], expected, rtol=1e-12)
    np.testing.assert_allclose(moves.places, found.walk.trace.look.places[0], atol=1e-5)  # type: ignore[attr-defined]
    assert (found.weights.sum(-1) < 1).all()


def test_in_effect_are_the_fewest_that_hold_nearly_all() -> None:
    assert local.in_effect(np.array([0.0, 0.97, 0.03])) == 1
    assert local.in_effect(np.array([0.5, 0.25, 0.25])) == 3
    assert local.in_effect(np.array([0.46, 0.02, 0.02])) == 2
    assert local.in_effect(np.array([1.0])) == 1


def test_an_error_rate_by_hand() -> None:
    """Two of three words look at a gold one; the corpus has four links: 1 - 2 * 2 / (3 + 4)."""
    counts = [
        errors.Count(hits=np.array([hits]), proposed=proposed, gold=linked, sentences=1)
        for hits, proposed, linked in (([2, 0], 3, 4), ([0, 1], 1, 1))
    ]
    np.testing.assert_allclose(counts[0].rates, [[1 - 4 / 7, 1.0]])
    both = errors.total(counts)
    np.testing.assert_allclose(both.rates, [[1 - 4 / 9, 1 - 2 / 9]])
    assert both.sentences == 2
    assert "= <b>0.4286</b>" in golden.rate_of(2, 3, 4)


@pytest.mark.parametrize("name", ["grammar-en-fr", "grammar-en-fr-bahdanau"])
def test_links_are_counted_as_one_by_one(name: str) -> None:
    """Batched with padding, all heads at once, as `proposed_links` does for one head of one sentence; the mean comes last."""
    opened = load_any(transformer.checkpoint.available()[name])
    pairs = showcase()[:4]
    counted = errors.count(opened, pairs)
    for looker in (0, counted.hits.shape[0] - 1):
        for way, rows_of in enumerate((rows_that_predict, rows_that_read)):
            proposed = {(at, *link) for at, pair in enumerate(pairs) for link in links(opened, pair, looker, rows_of)}
            linked = {(at, *link) for at, pair in enumerate(pairs) for link in pair.links}
            assert counted.rates[looker, way] == pytest.approx(alignment_error_rate(proposed, linked))


def links(opened: Opened, pair: Pair, looker: int, rows_of: object) -> set[tuple[int, ...]]:
    """Of one looker in one sentence, read alone."""
    encode, config = opened.tokenizer.encode, opened.model.config
    source = torch.tensor([[*encode(pair.source), config.end_id]])
    target = torch.tensor([[config.start_id, *encode(pair.target)]])
    with torch.inference_mode():
        trace = opened.model(source, target)
    if isinstance(trace, AlignedTrace):
        weights = trace.look.weights[0]
    else:
        heads = torch.cat([layer.cross_attention.weights[0] for layer in trace.decoder.layers])
        weights = heads.mean(0) if looker == len(heads) else heads[looker]
    spans = [spans_of(opened.tokenizer, text, encode(text)) for text in (pair.source, pair.target)]
    return proposed_links(rows_of(weights), *spans, pair)  # type: ignore[operator]


def own(kind: str, text: str = TEXT) -> Looks:
    """What a shipped model looks at while it translates by itself."""
    origin = state.origin(transformer.checkpoint.available()[f"grammar-en-fr-{kind}"])
    return looked(relatives.own(origin, text, state.Search(1)), state.any_opened(origin).model, kind)


@pytest.mark.parametrize(
    ("kind", "whose"), [("bahdanau", "state before"), ("luong-dot", "state after"), ("luong-local", "state after")]
)
def test_the_map_tells_the_learner_s_own_cell(kind: str, whose: str) -> None:
    row = own(kind).weights[3]
    test = apps.app(PAGE, **ASKED, relative=f"grammar-en-fr-{kind}", piece="4", source=str(row.argmax() + 1))
    assert trouble(test) == []
    weight = row.max()
    assert told(test, weight, "About to write")
    assert f"<b>{telling.number(float(weight), 2)}</b>" in seen(test)
    assert whose in room(test)
    assert "What does looking back add?" in said(test)
    stands_at_every_depth(test)


def test_the_player_grows_row_by_row_and_begins_where_the_address_says() -> None:
    test = apps.app(PAGE, **ASKED, relative="grammar-en-fr-bahdanau", al_rows="3", piece="3")
    steps = next(each for each in sent(test) if len(each.get("steps", [])) > 1)
    rows = len(own("bahdanau").walk.written)
    assert (len(steps["steps"]), steps["start"]) == (rows, 2)
    for place, step in enumerate(steps["steps"]):
        z = json.loads(step["figure"])["data"][0]["z"]
        assert [row[0] is not None for row in z] == [at <= place for at in range(rows)]
    assert asked.stops(24) == [*range(1, 25)]
    assert asked.stops(80)[-1] == 80
    assert len(asked.stops(80)) <= asked.MOST_STEPS


def test_gold_of_a_corpus_sentence() -> None:
    test = apps.app(
        PAGE,
        **ASKED | {"text": GOLD.source},
        relative="grammar-en-fr-bahdanau",
        al_view="gold",
        target="mine",
        french=GOLD.target,
    )
    assert trouble(test) == []
    opened = load_any(transformer.checkpoint.available()["grammar-en-fr-bahdanau"])
    found = errors.count(opened, [GOLD])
    for way, rate in enumerate(found.rates[0]):
        assert told(test, rate, "row that predicts"), way
    assert f"<b>{found.hits[0, 0]}</b> of <b>{found.proposed}</b> French words" in seen(test)
    stands_at_every_depth(test)


def test_where_nobody_linked_the_words_a_sentence_is_offered() -> None:
    test = apps.app(PAGE, **ASKED | {"text": "My sister wrote him."}, relative="grammar-en-fr-bahdanau", al_view="gold")
    assert trouble(test) == []
    assert "no gold links" in seen(test)
    assert any(button.label == "Try one" for button in test.button)


def test_held_out_sentences_are_counted_on_a_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """With few sentences, so that it takes no time; the best head is found on others than those that are counted."""
    monkeypatch.setattr(errors, "held_out", lambda split: showcase()[:3] if split == "validation" else showcase()[3:6])
    errors.counted.clear()
    test = apps.app(PAGE, **ASKED, relative="grammar-en-fr-bahdanau", al_view="corpus")
    assert trouble(test) == []
    test.button(key="al_count").click().run()
    assert trouble(test) == []
    errors_of = {
        name: load_any(transformer.checkpoint.available()[name]) for name in ("grammar-en-fr", "grammar-en-fr-bahdanau")
    }
    mine = errors.count(errors_of["grammar-en-fr-bahdanau"], showcase()[3:6]).rates[0]
    best = errors.count(errors_of["grammar-en-fr"], showcase()[:3]).rates[:-1, 0].argmin()
    his = errors.count(errors_of["grammar-en-fr"], showcase()[3:6]).rates[best, 0]
    assert f"<b>{mine[0]:.2f}</b>" in seen(test)
    assert f"<b>{his:.2f}</b>" in seen(test)
    errors.counted.clear()


def test_score_functions_stand_beside_each_other_on_the_same_french() -> None:
    test = apps.app(PAGE, **ASKED, relative="grammar-en-fr-bahdanau", al_view="scores", piece="4", source="4")
    assert trouble(test) == []
    ids = own("bahdanau").walk.written_ids
    bits = []
    for kind in ("bahdanau", "luong-dot", "luong-general", "luong-concat"):
        opened = load_any(transformer.checkpoint.available()[f"grammar-en-fr-{kind}"])
        weights = looked(relatives.passage(opened, TEXT, ids, forced=True), opened.model, kind).weights
        assert told(test, weights[3, 3], "answers")
        bits.append(float(-(weights * np.log2(weights)).sum(-1).mean()))
    assert f"{min(bits):.2f}</b> bits a row" in seen(test)
    assert f"<b>{max(bits):.2f}</b>. All <b>4</b>" in seen(test)
    stands_at_every_depth(test)


def test_what_is_missing_can_be_trained(shelf: Path) -> None:
    for view, kind in (("scores", "luong-dot"), ("local", "luong-local")):
        test = apps.app(PAGE, checkpoint="paper", text=TEXT, al_view=view)
        assert trouble(test) == []
        assert [each.value for each in test.code] == [f"python -m transformer train grammar-en-fr --model {kind}"]


def test_the_window_stands_where_the_page_says() -> None:
    """Whatever model is chosen: the one that has a window is shown."""
    test = apps.app(PAGE, **ASKED, relative="grammar-en-fr-bahdanau", al_view="local", piece="4", source="4")
    assert trouble(test) == []
    found = own("luong-local")
    assert found.moves is not None
    assert told(test, found.moves.places[3], "window")
    assert told(test, found.weights[3].sum(), "window")
    assert f"<b>{found.weights[3].sum():.2f}</b>" in seen(test)
    stands_at_every_depth(test)


@pytest.mark.parametrize("view", ["map", "gold", "scores", "local"])
@pytest.mark.parametrize("text", ["Go", "the dog and " * 19 + "the dog.", "\u30c4 \ud55c\uad6d <i>$x$ ☃"])
def test_short_long_and_strange_sentences(view: str, text: str) -> None:
    test = apps.app(PAGE, checkpoint="grammar-en-fr", search="greedy", text=text, al_view=view, special="false")
    stands_at_every_depth(test)


def test_what_an_address_asks_for_in_vain_counts_as_not_asked() -> None:
    test = apps.app(
        PAGE,
        **ASKED,
        relative="nobody",
        al_view="no",
        al_rows="-7",
        al_kind="99",
        al_rate="x",
        piece="400",
        source="-1",
        dimension="9999",
    )
    stands_at_every_depth(test)
    assert apps.app(PAGE, **ASKED | {"text": ""}).info[0].value.startswith("Type an English sentence")
    assert "pieces" in apps.app(PAGE, **ASKED | {"text": "dog " * 120}).info[0].value


def test_the_transformer_s_page_leads_here() -> None:
    test = apps.app("pages/90_cross_attention.py", **ASKED)
    assert trouble(test) == []
    assert any("420_alignment" in each.proto.page or "alignment" in each.proto.page for each in test.get("page_link"))
