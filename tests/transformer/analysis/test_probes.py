"""Probing with two sentences: numbers against an independent recomputation, patching, switching off, alignment and scores."""

import numpy as np
import pytest
import torch

from tests.small_models import untrained
from transformer.analysis import probe_survey, probes
from transformer.analysis.effects import attentions, traced
from transformer.analysis.probe_pairs import Probe, Slot, held_out, own_pair, probe, slots, telling
from transformer.analysis.probes import Side, Stage, Twins, twins
from transformer.config import Config
from transformer.corpora import Pair, words
from transformer.corpora.corpus import fold
from transformer.corpora.grammar_en_fr import PHENOMENA, minimal_pairs
from transformer.model import Transformer
from transformer.text import clean
from transformer.tokenizer import Tokenizer
from transformer.what_if import Head, Patch, WhatIf, apply, attention, every_head

pytestmark = pytest.mark.usefixtures("no_gradients")
FIRST = Side((11, 23, 37, 41, 53, 61), (13, 17, 29), 43)
SECOND = Side((11, 23, 38, 41, 53, 61), (13, 17, 29), 59)
LONGER = Side((11, 23, 38, 39, 41, 53, 61), (13, 18, 19, 29), 59)


def pair(second: Side = SECOND) -> Twins:
    return twins(FIRST, second, end=2)


def margin(model: Transformer, side: Side, source: tuple[int, ...] | None = None) -> float:
    """By hand: the forward pass on bare ids."""
    whole = model(torch.tensor([[*(source or side.source), 2]]), torch.tensor([[1, *side.read]])).logits[0, -1]
    return float(whole[SECOND.critical] - whole[FIRST.critical])


def test_pieces_are_aligned_and_what_has_no_partner_is_left_out() -> None:
    assert pair().source == tuple((place, place) for place in range(7))
    assert pair().target == ((0, 0), (1, 1), (2, 2), (3, 3))
    other = pair(LONGER)
    assert other.source == ((0, 0), (1, 1), (2, 2), (3, 4), (4, 5), (5, 6), (6, 7))
    assert other.target == ((0, 0), (1, 1), (2, 2), (3, 4))
    assert twins(Side((5,), (), 7), Side((6, 8), (9,), 8), 2).target == ((0, 1),), (
        "the places that write belong together"
    )
    with pytest.raises(ValueError, match="same piece"):
        twins(FIRST, FIRST, 2)


def test_chances_margins_and_the_way(model: Transformer) -> None:
    found = probes.passes(model, pair())
    assert found.margins == pytest.approx((margin(model, FIRST), margin(model, SECOND)))
    chances = traced(model, FIRST.source, FIRST.read).logits[0, -1].exp()
    chances = chances / chances.sum()
    assert found.chances[0] == pytest.approx((float(chances[43]), float(chances[59])))
    assert found.way == pytest.approx(margin(model, SECOND) - margin(model, FIRST))


@pytest.mark.parametrize("second", [SECOND, LONGER])
def test_the_difference_of_every_stage_is_that_of_the_vectors(model: Transformer, second: Side) -> None:
    found = probes.passes(model, pair(second))
    one, other = (traced(model, side.source, side.read) for side in (FIRST, second))
    seen = 0
    for layer in range(3):
        for name, sub in (
            ("after_self_attention", "self"),
            ("after_cross_attention", "cross"),
            ("after_feed_forward", "feed"),
        ):
            a, b = (np.asarray(getattr(each.decoder.layers[layer], name).output[0]) for each in (one, other))
            got = probes.difference(found, Stage("decoder", layer, sub))
            for place, (left, right) in enumerate(found.twins.target):
                norm = np.sqrt(((a[left] - b[right]) ** 2).sum())
                mean = (np.sqrt((a[left] ** 2).sum()) + np.sqrt((b[right] ** 2).sum())) / 2
                assert float(got.norm[place]) == pytest.approx(norm)
                assert float(got.relative[place]) == pytest.approx(norm / mean)
                seen += 1
    assert seen == 9 * len(found.twins.target)
    embedded = probes.difference(found, Stage("encoder", -1, "embedding"))
    rows = [
        model.matrix[first] * 30**0.5 - model.matrix[other] * 30**0.5
        for first, other in zip(FIRST.source, SECOND.source, strict=True)
    ]
    if second == SECOND:
        assert embedded.norm.tolist() == pytest.approx([*(float(row.norm()) for row in rows), 0])
    logits = probes.difference(found, Stage("decoder", 3, "logits"))
    assert float(logits.norm[-1]) == pytest.approx(float((one.logits[0, -1] - other.logits[0, -1]).norm()))


def test_the_stages_are_all_there_are(model: Transformer) -> None:
    assert len(probes.stages(model, "encoder")) == 1 + 2 * 2
    assert len(probes.stages(model, "decoder")) == 1 + 3 * 3


def test_patching_everything_gives_the_other_sentence(model: Transformer) -> None:
    """The French read so far is the same, so all that comes from the English comes through the heads of cross-attention."""
    found = probes.passes(model, pair())
    every = every_head(model)
    changed = apply(model, WhatIf(), patches=probes.patches(found, [every]))
    assert torch.equal(traced(changed, FIRST.source, FIRST.read).logits, found.second.logits)
    assert float(probes.patched_heads(found, [every])[0]) == pytest.approx(1, abs=1e-12)
    assert float(probes.patched_heads(found, [[]])[0]) == pytest.approx(0, abs=1e-12)
    crossing = [head for head in every if head.kind == "cross"]
    assert float(probes.patched_heads(found, [crossing])[0]) == pytest.approx(1, abs=1e-12)


def test_all_heads_in_one_batch_are_what_they_are_one_by_one(model: Transformer) -> None:
    found = probes.passes(model, pair(LONGER))
    sets = [[head] for head in every_head(model)]
    batch = probes.patched_heads(found, sets)
    for number in range(0, len(sets), 7):
        (head,) = sets[number]
        assert float(batch[number]) == pytest.approx(by_hand(model, found, head), abs=1e-9)
        assert float(probes.patched_heads(found, [sets[number]])[0]) == pytest.approx(float(batch[number]), abs=1e-9)


def by_hand(model: Transformer, found: probes.Passes, head: Head) -> float:
    """One head alone, with a patch made here."""
    own, given = (attentions(each)[head.kind, head.layer].heads[0] for each in (found.first, found.second))
    values, where = torch.zeros_like(own), torch.zeros(own.shape[:2], dtype=torch.bool)
    for one, other in found.twins.source if head.kind == "encoder" else found.twins.target:
        values[:, one] = given[:, other]
        where[head.head, one] = True
    changed = apply(model, WhatIf(), patches=[Patch(head.kind, head.layer, where, values)])
    return (margin(changed, FIRST) - found.margins[0]) / (found.margins[1] - found.margins[0])


def test_a_head_can_be_patched_at_one_place(model: Transformer) -> None:
    found = probes.passes(model, pair())
    head = Head("encoder", 1, 2)
    each = probe_survey.by_place(found, head)
    assert each.shape == (7,)
    own, given = (attentions(trace)["encoder", 1].heads[0] for trace in (found.first, found.second))
    for place in range(7):
        where = torch.zeros(own.shape[:2], dtype=torch.bool)
        where[2, place] = True
        changed = apply(model, WhatIf(), patches=[Patch("encoder", 1, where, given)])
        assert float(each[place]) == pytest.approx((margin(changed, FIRST) - found.margins[0]) / found.way, abs=1e-9)
    assert own.shape == given.shape
    assert probe_survey.place_of_work(found, head) == (int(each.argmax()),) * 2
    assert probe_survey.place_of_work(found, Head("cross", 0, 0)) == (3, 3)


def test_one_state_of_the_other_sentence(model: Transformer) -> None:
    """The last states are all there is: what writes decides alone. At the embedding, a state is the piece itself."""
    found = probes.passes(model, pair())
    restored = probes.patched_states(found)
    assert set(restored) == {*probes.stages(model, "encoder"), *probes.stages(model, "decoder")}
    last = restored[Stage("decoder", 2, "feed")]
    assert last.tolist() == pytest.approx([0, 0, 0, 1], abs=1e-9)
    embedded = restored[Stage("encoder", -1, "embedding")]
    assert embedded.tolist() == pytest.approx([0, 0, 1, 0, 0, 0, 0], abs=1e-9), "only this piece differs"
    assert restored[Stage("decoder", -1, "embedding")].abs().max() < 1e-9, "the same is read"
    layer, place = model.encoder_layers[0], 2
    x = layer(found.first.encoder.embedding.output, torch.ones(1, 1, 1, 7, dtype=torch.bool)).output.clone()
    x[0, place] = found.second.encoder.layers[0].output[0, place]
    memory = model.encoder_layers[1](x, torch.ones(1, 1, 1, 7, dtype=torch.bool)).output
    decoded = model.decode(torch.tensor([[1, *FIRST.read]]), memory, torch.ones(1, 1, 1, 7, dtype=torch.bool)).output[
        0, -1
    ]
    logits = model.logits(decoded)
    share = (float(logits[59] - logits[43]) - found.margins[0]) / found.way
    assert float(restored[Stage("encoder", 0, "feed")][place]) == pytest.approx(share)


def test_probing_leaves_the_shared_model_alone(model: Transformer) -> None:
    before = traced(model, FIRST.source, FIRST.read).logits
    weights = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    found = probes.passes(model, pair())
    probes.patched_states(found)
    probes.switched_off(found)
    assert torch.equal(traced(model, FIRST.source, FIRST.read).logits, before)
    assert all(torch.equal(weights[name], tensor) for name, tensor in model.state_dict().items())


@pytest.mark.parametrize("number", [0, 13, 26, 39])
def test_switching_off_is_zeroing_columns_of_W_O(model: Transformer, config: Config, number: int) -> None:
    found = probes.passes(model.float(), pair())
    falls = probes.switched_off(found)
    head = every_head(model)[number]
    columns = slice(head.head * config.d_head, (head.head + 1) * config.d_head)
    attention(model, head.kind, head.layer).W_O.weight[:, columns] = 0
    expected = margin(model, FIRST) - found.margins[0], found.margins[1] - margin(model, SECOND)
    assert falls[:, number].tolist() == pytest.approx(expected, abs=1e-4)


# Pairs of the corpus --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phenomenon", PHENOMENA)
def test_every_pair_has_a_word_that_must_differ_and_pieces_for_it(phenomenon: str, tokenizer: Tokenizer) -> None:
    for each in minimal_pairs(phenomenon)[::9]:
        places = slots(each)
        assert places, each
        slot = places[telling(each, places)]
        found = probe(tokenizer, 2, each, slot)
        for side, sentence, word, text in zip(
            (found.twins.first, found.twins.second), (each.first, each.second), slot, found.critical, strict=True
        ):
            target = clean(sentence.target)
            start, end = words(target)[word]
            assert target[start:end] == text
            assert side.source == tuple(tokenizer.encode(sentence.source))
            assert [*side.read, side.critical] == [*tokenizer.encode(target), 2][: len(side.read) + 1]
            assert len(tokenizer.decode(side.read)) < end + 1, "the word is not read before it is written"
        assert found.twins.first.critical != found.twins.second.critical


@pytest.mark.parametrize(("phenomenon", "expected"), [
    ("pronoun it", ("il", "elle")), ("negation", ("est", "n'")), ("possessive", ("mon", "ma")), ("participle agreement", ("parti", "partie")),
    ("adjective order", ("chat", "petit")), ("gender agreement", ("Le", "La")), ("object pronoun", ("voyons", "le")),
])  # fmt: skip
def test_the_telling_word(phenomenon: str, expected: tuple[str, str]) -> None:
    found = {
        tuple(clean(side.target)[slice(*words(clean(side.target))[word])] for side, word in zip((each.first, each.second), slot, strict=True))
        for each in minimal_pairs(phenomenon) if (places := slots(each)) for slot in [places[telling(each, places)]]
    }  # fmt: skip
    assert expected in found


def test_who_is_who_in_a_sentence_with_it(tokenizer: Tokenizer) -> None:
    each = minimal_pairs("pronoun it")[0]
    found = probe(tokenizer, 2, each, slots(each)[0])
    pieces = tokenizer.pieces(clean(each.first.source))

    def said(which: int, role: str) -> str:
        text = clean((each.first, each.second)[which].source)
        pieces = tokenizer.pieces(text)
        return "".join(text[pieces[place].start : pieces[place].end] for place in found.roles[which][role]).strip()

    assert [said(0, role) for role in ("changed", "own", "right", "wrong")] == ["tired", "it", "animal", "street"]
    assert [said(1, role) for role in ("changed", "own", "right", "wrong")] == ["wide", "it", "street", "animal"]
    assert len(pieces) == len(found.twins.first.source)


def test_a_pair_of_one_s_own() -> None:
    each = own_pair(Pair("I see a dog.", "Je vois un chien."), Pair("I see a cow.", "Je vois une vache."))
    assert slots(each) == [Slot(2, 2), Slot(3, 3)]
    assert each.changed[0].english == (3,)
    assert slots(own_pair(Pair("A.", "Un."), Pair("B.", "Un."))) == []


def test_held_out_pairs_have_been_in_no_training() -> None:
    every = minimal_pairs("possessive")
    seen = {fold(every[3].first.source), fold(every[7].second.source)}
    kept = held_out("possessive", seen)
    assert every[3] not in kept
    assert every[7] not in kept
    assert all(not {fold(each.first.source), fold(each.second.source)} & seen for each in kept)
    assert held_out("possessive", set()) == list(every)


# All pairs --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tiny(tokenizer: Tokenizer) -> Transformer:
    return untrained(tokenizer, 3, heads=2, decoder_layers=2, d_ff=16, max_positions=64)


@pytest.fixture(scope="module")
def several(tokenizer: Tokenizer) -> list[Probe]:
    return [probe(tokenizer, 2, each, slots(each)[0]) for each in minimal_pairs("pronoun it")[:4]]


def test_the_score_and_the_sums_over_pairs(tiny: Transformer, several: list[Probe]) -> None:
    readings = [probe_survey.read(tiny, each) for each in several]
    for each, reading in zip(several, readings, strict=True):
        for which, side in enumerate((each.twins.first, each.twins.second)):
            logits = traced(tiny, side.source, side.read).logits[0, -1]
            one, other = each.twins.first.critical, each.twins.second.critical
            right = bool(logits[other] > logits[one]) == bool(which)
            assert reading.right[which] == right
            assert reading.chances[which][0] == pytest.approx(float(logits.softmax(-1)[one]), rel=1e-4)
    shares = probe_survey.restored(readings)
    sets = [[head] for head in every_head(tiny)]
    found = [probes.passes(tiny, each.twins) for each in several]
    gained = sum(probes.patched_heads(each, sets) * each.way for each in found)
    assert torch.allclose(shares, gained / sum(each.way for each in found), atol=1e-5)
    assert torch.allclose(
        probe_survey.falls(readings), torch.stack([probes.switched_off(each) for each in found]).mean((0, 1)), atol=1e-6
    )
    ranked = probe_survey.suspects(tiny, readings)
    assert all(float(shares[every_head(tiny).index(head)]) >= probe_survey.ENOUGH for head in ranked)


def test_what_a_map_says_is_in_its_row(tiny: Transformer, several: list[Probe]) -> None:
    each, head = several[0], Head("cross", 0, 1)
    found = probes.passes(tiny, each.twins)
    one, other = probe_survey.looks(found, each, head)
    for which, (look, trace) in enumerate(((one, found.first), (other, found.second))):
        row = attentions(trace)["cross", 0].weights[0, 1, -1]
        for role, share in look.shares.items():
            assert share == pytest.approx(float(sum(row[place] for place in each.roles[which][role])))
        assert look.uniform == pytest.approx(1 / len(row))
    told = probe_survey.testimony(head, [one, other])
    assert told.sentences == 2
    assert told.shares["right"] == pytest.approx((one.shares["right"] + other.shares["right"]) / 2)
    assert told.nouns == (sum(look.shares["right"] > look.shares["wrong"] for look in (one, other)), 2)
    looks = list(probe_survey.from_it(found, each, Head("encoder", 0, 1)))
    weights = attentions(found.second)["encoder", 0].weights[0, 1]
    assert looks[1].shares["wrong"] == pytest.approx(
        float(weights[each.roles[1]["own"][-1], list(each.roles[1]["wrong"])].sum())
    )
