"""The relatives: what is shown is what is trained, what is written piece by piece is what is read at once, and padding changes nothing."""

import math

import pytest
import torch
from torch import Tensor

from relatives import MODELS
from relatives.alignment import WINDOW, AlignedTrace, Bahdanau, Luong
from relatives.recurrent import OneStateTrace
from relatives.scores import AdditiveTransformer, UnscaledTransformer
from tests.relatives.conftest import BASE, untrained
from transformer.decoding.batch import beam_batch
from transformer.decoding.lean import lean
from transformer.decoding.search import beam, best
from transformer.family import class_of, like, sized
from transformer.model import Transformer
from transformer.trace import tensors
from transformer.translator import Translator

CLOSE = {"rtol": 0, "atol": 1e-5}


def rows_of(ids: Tensor) -> list[list[int]]:
    """Each sentence's ids without its end piece and its padding."""
    return [[id for id in row.tolist() if id][:-1] for row in ids]


def test_training_computes_what_the_trace_shows(relative: Translator, source: Tensor, target: Tensor) -> None:
    trace = relative(source, target)
    assert torch.allclose(relative.logits(relative.decoded(source, target)), trace.logits, **CLOSE)


def test_a_translation_read_piece_by_piece_is_the_one_read_at_once(
    relative: Translator, source: Tensor, target: Tensor
) -> None:
    """Also for a sentence that is read beside longer ones, and when the rows change places."""
    with torch.inference_mode():
        expected = relative(source, target).logits.log_softmax(-1)
        order = torch.tensor([2, 0, 1])
        reader = lean(relative, rows_of(source)).select(order)
        for position in range(5):
            found, reader = reader.read(target[order, position])
            assert torch.allclose(found, expected[order, position], **CLOSE)


def test_padding_changes_nothing(relative: Translator, source: Tensor, target: Tensor) -> None:
    with torch.inference_mode():
        together = relative(source, target).logits
        for row, (mine, theirs) in enumerate(((11, 5), (6, 8), (3, 8))):
            alone = relative(source[row : row + 1, :mine], target[row : row + 1, :theirs]).logits
            assert torch.allclose(together[row, :theirs], alone[0], **CLOSE)


def test_every_axis_of_a_trace_is_what_it_says(relative: Translator, source: Tensor, target: Tensor) -> None:
    if isinstance(relative, Transformer):
        pytest.skip("its trace is the Transformer's, which has a test of its own")
    d = BASE.d_model
    trace = relative(source, target)
    both = isinstance(trace, AlignedTrace)
    for path, tensor, names in tensors(trace):
        here = 8 if "decoder" in path or (both and path.startswith(("cell", "look"))) else 11
        half = d // 2 if "wards" in path else d
        wide = 2 * d if both and isinstance(relative, Bahdanau) and path == "cell.inputs" else d
        sizes = {
            "batch": 3,
            "position": here,
            "source": 11,
            "target": 8,
            "d_model": d,
            "d_state": half,
            "d_input": wide,
            "vocabulary": 37,
            "1": 1,
        }
        assert tuple(tensor.shape) == tuple(sizes[name] for name in names.split()), path
        assert tensor.isfinite().all(), path


def test_weights_are_shares_of_the_real_pieces(relative: Translator, source: Tensor, target: Tensor) -> None:
    trace = relative(source, target)
    if isinstance(trace, OneStateTrace):
        assert torch.equal(trace.handed_over[1], trace.encoder.cell.states[1, 5]), "the state after the end piece"
        return
    if isinstance(relative, Transformer):
        weights, mask = (getattr(trace.decoder.layers[0].cross_attention, each) for each in ("weights", "mask"))
    else:
        weights, mask = trace.look.weights / trace.look.window, trace.look.mask
    assert torch.allclose(weights.sum(-1), torch.tensor(1.0))
    assert (weights.masked_select(~mask.expand_as(weights)) == 0).all()


def test_the_context_is_the_mixture_that_the_weights_say(source: Tensor, target: Tensor) -> None:
    for kind in ("bahdanau", "luong-dot", "luong-local"):
        trace = untrained(kind)(source, target)
        mixed = torch.einsum("bts,bsd->btd", trace.look.weights, trace.encoder.annotations)
        assert torch.allclose(trace.look.context, mixed, **CLOSE)


def test_the_scores_are_their_formulas(source: Tensor, target: Tensor) -> None:
    """Of one cell: target 4, source 2, of the second sentence."""
    for kind in ("bahdanau", "luong-dot", "luong-general", "luong-concat"):
        model = untrained(kind)
        trace = model(source, target)
        state = (trace.cell.before if kind == "bahdanau" else trace.cell.states)[1, 4]
        annotation, score = trace.encoder.annotations[1, 2], model.score
        if kind == "luong-dot":
            expected = sum(float(a) * float(b) for a, b in zip(state, annotation, strict=True))
        elif kind == "luong-general":
            expected = float(state @ score.W.weight.T @ annotation)
        else:
            inner = score.W.weight @ state + score.W.bias + score.U.weight @ annotation
            expected = sum(float(v) * math.tanh(float(x)) for v, x in zip(score.v, inner, strict=True))
        assert float(trace.look.scores[1, 4, 2]) == pytest.approx(expected, abs=1e-5)


def test_the_window_of_local_attention_stands_where_its_model_says(source: Tensor, target: Tensor) -> None:
    model = untrained("luong-local")
    assert isinstance(model, Luong)
    trace = model(source, target)
    state = trace.cell.states[1, 3]
    place = 5 / (1 + math.exp(-float((model.W_p.weight @ state).tanh() @ model.v_p)))  # of six pieces the last is 5
    assert float(trace.look.places[1, 3]) == pytest.approx(place, abs=1e-4)
    expected = math.exp(-((2 - place) ** 2) / (2 * (WINDOW / 2) ** 2))
    assert float(trace.look.window[1, 3, 2]) == pytest.approx(expected, abs=1e-4)


def test_the_score_of_a_head_is_its_formula(source: Tensor, target: Tensor) -> None:
    for kind, cls in (("additive", AdditiveTransformer), ("unscaled", UnscaledTransformer)):
        model = untrained(kind)
        assert isinstance(model, cls)
        attention = model(source, target).encoder.layers[0].self_attention
        q, k = attention.queries[1, 3, 2], attention.keys[1, 3, 4]
        v = model.encoder_layers[0].self_attention.v[3] if kind == "additive" else None
        expected = float(q @ k) if v is None else float(v @ (q + k).tanh())
        assert float(attention.scores[1, 3, 2, 4]) == pytest.approx(expected, abs=1e-5)


def test_both_searches_find_the_same(relative: Translator, source: Tensor) -> None:
    sources = rows_of(source)
    together = beam_batch(relative, sources, limit=9, width=3)
    assert together == [list(best(beam(relative, each, 9, width=3)).ids) for each in sources]


@pytest.mark.parametrize("kind", MODELS)
def test_the_number_of_parameters_is_that_of_the_sizes(kind: str) -> None:
    model = untrained(kind)
    assert model.number_of_parameters == model.config.parameters


@pytest.mark.parametrize("kind", MODELS)
def test_one_like_a_transformer_has_about_as_many_parameters(kind: str) -> None:
    from dataclasses import replace

    config = replace(BASE, vocabulary_size=1872, d_model=64, heads=4, encoder_layers=2, decoder_layers=2, d_ff=256)
    wide = replace(config, d_model=like(kind, config), heads=4)
    assert sized(kind, wide).parameters == pytest.approx(config.parameters, rel=0.08)


@pytest.mark.parametrize("kind", MODELS)
def test_the_table_names_a_class(kind: str) -> None:
    assert issubclass(class_of(kind), Translator)
