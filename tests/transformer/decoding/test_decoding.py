"""Truths about the searches: what the cache may not change, what a beam must find, what sampling may never write."""

import gc
import itertools

import pytest
import torch
from torch import Tensor

from transformer.config import Config
from transformer.decoding.batch import batches, beam_batch, greedy_batch
from transformer.decoding.hypotheses import Hypothesis, Step, penalty_of_length
from transformer.decoding.lean import MADE, having_read, lean
from transformer.decoding.reading import cached, encoded, full_trace, source_rows, target_row, uncached
from transformer.decoding.sampling import sample
from transformer.decoding.search import beam, best, greedy
from transformer.model import Transformer
from transformer.trace import tensors

VOCABULARY, END, SOURCES = 23, 2, [[5, 6, 7], [8, 9, 10, 11, 12, 13, 14], [3], [22, 4, 22, 4, 22]]
SEARCHES = {
    "greedy": greedy,
    "beam": lambda *args, **more: beam(*args, width=5, **more),
    "sample": lambda *args, **more: sample(*args, seed=7, **more),
}
READERS = {"lean": lean, "cached": cached, "uncached": uncached}
every_search = pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES)
every_source = pytest.mark.parametrize("source", SOURCES, ids=len)


def random_model(seed: int = 1, vocabulary_size: int = VOCABULARY) -> Transformer:
    """A small untrained model: of opinions that differ, and inclined to end its sentences, at various lengths."""
    torch.manual_seed(seed)
    sizes = {"d_model": 14, "heads": 7, "encoder_layers": 2, "decoder_layers": 3, "d_ff": 11, "max_positions": 31}
    model = Transformer(Config(vocabulary_size=vocabulary_size, **sizes)).eval().requires_grad_(False)
    model.matrix.normal_(std=0.6)
    model.decoder_layers[-1].after_feed_forward.norm.bias.copy_(0.5 * model.matrix[model.config.end_id])
    return model


@pytest.fixture(scope="module")
def model() -> Transformer:
    return random_model()


def teacher_forced(model: Transformer, source: list[int], ids: tuple[int, ...]) -> Tensor:
    """The log-probability of each of `ids`, from one forward pass over all of them."""
    target = torch.tensor([[model.config.start_id, *ids[:-1]]])
    everything = model(source_rows(model, [source]), target).logits[0].log_softmax(-1)
    return everything[range(len(ids)), ids]


def hypotheses(steps: list[Step]) -> list[Hypothesis]:
    """All that a search ever kept."""
    return [hypothesis for step in steps for hypothesis in (*step.kept, *step.finished)]


@every_search
@every_source
@pytest.mark.parametrize("begin", [lean, cached], ids=["lean", "cached"])
def test_neither_cache_changes_a_step(model: Transformer, search, source, begin) -> None:
    for one, other in zip(search(model, source, 9, begin=begin), search(model, source, 9, begin=uncached), strict=True):
        assert (one.position, ids_of(one.kept), ids_of(one.finished)) == (
            other.position, ids_of(other.kept), ids_of(other.finished),
        )  # fmt: skip
        for with_cache, without in zip(one.candidates, other.candidates, strict=True):
            assert (with_cache.hypothesis, with_cache.id) == (without.hypothesis, without.id)
            assert (with_cache.kept, with_cache.finished) == (without.kept, without.finished)
            assert with_cache.log_probability == pytest.approx(without.log_probability, abs=1e-5)


def ids_of(hypotheses: tuple[Hypothesis, ...]) -> list[tuple[int, ...]]:
    """Their ids."""
    return [hypothesis.ids for hypothesis in hypotheses]


SELECTIONS = {  # of the rows of the step before; there are four sentences of 3, 7, 1 and 5 pieces
    "in order": [[0, 1, 2, 3], [0, 1, 2, 3]],
    "places, reordered": [[0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3], [2, 0, 0, 3, 5, 3, 7, 8, 6, 9, 9, 9]],
    "a sentence less": [[0, 0, 1, 1, 2, 2, 3, 3], [1, 0, 5, 4, 7, 7], [0, 1, 4, 5]],
    "in disorder": [[3, 1, 1, 0, 2], [4, 0, 0, 1, 3, 3, 2]],
    "one": [[1], [0, 0, 0], [2, 1]],
    "unequal": [[0, 0, 1, 3, 3, 3, 3], [1, 2, 3, 6], [3, 3, 2, 0]],
    "none": [[0, 0, 1, 1, 2, 2, 3, 3], []],
}


@pytest.mark.parametrize("sources", [SOURCES, [[4, 5]] * 4], ids=["padding", "none"])
@pytest.mark.parametrize("selections", SELECTIONS.values(), ids=SELECTIONS)
@torch.inference_mode()
def test_all_readers_read_the_same(model: Transformer, sources, selections) -> None:
    readers = [begin(model, sources) for begin in READERS.values()]
    ids = torch.full((len(sources),), model.config.start_id)
    for rows in selections:
        found = []
        for place, reader in enumerate(readers):
            log_probabilities, reader = reader.read(ids)
            found.append(log_probabilities)
            readers[place] = reader.select(torch.tensor(rows, dtype=torch.long))
        assert found[0].shape == (len(ids), VOCABULARY)
        assert all(torch.allclose(each, found[-1], atol=1e-4) for each in found)
        ids = torch.arange(len(rows)) + 3
    if len(ids):
        last = [reader.read(ids)[0] for reader in readers]
        assert all(torch.allclose(each, last[-1], atol=1e-4) for each in last)


@pytest.mark.parametrize("fused", [False, True])
def test_a_step_of_training_leaves_no_reader_behind(fused: bool) -> None:
    model = random_model().requires_grad_(True)
    first = best(greedy(model, SOURCES[1], 9)).log_probabilities
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.1, fused=fused)
    model(source_rows(model, [SOURCES[1]]), torch.tensor([[1, 5]])).logits.logsumexp(-1).sum().backward()
    optimiser.step()
    after = best(greedy(model, SOURCES[1], 9))
    assert after.log_probabilities != pytest.approx(first, abs=1e-3)
    assert after.log_probabilities == pytest.approx(teacher_forced(model, SOURCES[1], after.ids).tolist(), abs=1e-4)
    model.requires_grad_(False)
    assert best(greedy(model, SOURCES[1], 9)).log_probabilities == after.log_probabilities
    model.load_state_dict(random_model().state_dict())
    assert best(greedy(model, SOURCES[1], 9)).log_probabilities == pytest.approx(first, abs=1e-5)


def test_what_was_joined_for_a_model_goes_with_it() -> None:
    gc.collect()
    already = len(MADE)
    model = random_model()
    best(greedy(model, SOURCES[1], 9))
    assert len(MADE) == already + len(model.decoder_layers)
    del model
    gc.collect()
    assert len(MADE) == already


def test_beyond_the_last_position_nothing_is_read(model: Transformer) -> None:
    for begin in READERS.values():
        reader, ids = begin(model, SOURCES[:1]), torch.tensor([1])
        for _ in range(model.config.max_positions):
            _, reader = reader.read(ids)
        with pytest.raises(ValueError, match="31"):
            reader.read(ids)


@every_search
def test_the_trace_after_a_search_is_that_of_one_forward_pass(model: Transformer, search) -> None:
    encoder = encoded(model, SOURCES[1])
    found = best(search(model, SOURCES[1], 9, begin=having_read(encoder)))
    assert found == best(search(model, SOURCES[1], 9))
    trace = full_trace(model, encoder, found.ids[:-1])
    whole = model(source_rows(model, [SOURCES[1]]), target_row(model, found.ids[:-1]))
    for (path, tensor, _), (other, expected, _) in zip(tensors(trace), tensors(whole), strict=True):
        assert path == other
        assert torch.equal(tensor, expected)
    chances = trace.logits[0].log_softmax(-1)[range(len(found.ids)), found.ids]
    assert chances.tolist() == pytest.approx(found.log_probabilities, abs=1e-5)


@every_search
@every_source
def test_totals_are_sums_and_agree_with_one_forward_pass(model: Transformer, search, source) -> None:
    for hypothesis in hypotheses(list(search(model, source, 9))):
        assert hypothesis.total == pytest.approx(sum(hypothesis.log_probabilities))
        expected = teacher_forced(model, source, hypothesis.ids)
        assert torch.tensor(hypothesis.log_probabilities) == pytest.approx(expected, abs=1e-5)


@every_search
@every_source
def test_what_is_kept_is_what_grows_or_finishes(model: Transformer, search, source) -> None:
    already = 0
    for step in search(model, source, 9):
        kept = [candidate for candidate in step.candidates if candidate.kept]
        assert [each.id for each in kept if not each.finished] == [each.ids[-1] for each in step.kept]
        assert [each.id for each in kept if each.finished] == [each.ids[-1] for each in step.finished[already:]]
        assert list(step.candidates) == sorted(step.candidates, key=lambda each: -each.score)
        assert len({(each.hypothesis, each.id) for each in step.candidates}) == len(step.candidates)
        already = len(step.finished)


@pytest.mark.parametrize("search", [greedy, beam], ids=["greedy", "beam"])
def test_nothing_pruned_is_better_than_what_is_kept(model: Transformer, search) -> None:
    for step in search(model, SOURCES[1], 9):
        worst_kept = min(each.total for each in step.candidates if each.kept)
        assert all(each.total <= worst_kept for each in step.candidates if not each.kept)


@every_search
def test_padding_and_start_are_never_written(search) -> None:
    for seed in range(5):
        model = random_model(seed)
        model.matrix[[model.config.padding_id, model.config.start_id]] *= 30  # they would win often
        written = {id for hypothesis in hypotheses(list(search(model, SOURCES[0], 7))) for id in hypothesis.ids}
        assert not written & {model.config.padding_id, model.config.start_id}


@every_search
def test_the_end_piece_comes_last_or_not_at_all(search) -> None:
    for seed in range(5):
        for hypothesis in hypotheses(list(search(random_model(seed), SOURCES[0]))):
            assert END not in hypothesis.ids[:-1]
            assert hypothesis.finished == (hypothesis.ids[-1] == END)


@every_source
def test_a_beam_of_one_is_greedy(source) -> None:
    for seed in range(7):
        model = random_model(seed)
        assert best(beam(model, source, 9, width=1)).ids == best(greedy(model, source, 9)).ids


@pytest.mark.parametrize("alpha", [0.0, 0.6, 2.0])
def test_a_beam_as_wide_as_the_search_finds_the_best_of_all_translations(alpha: float) -> None:
    for seed in range(3):
        model = random_model(seed, vocabulary_size=7)
        writable = range(3, 7)  # 0, 1 and 2 are padding, start and end
        every_one = [(*words, END) for length in range(3) for words in itertools.product(writable, repeat=length)]
        totals = {ids: float(teacher_forced(model, [5, 3], ids).sum()) for ids in every_one}
        scores = {ids: total / penalty_of_length(len(ids), alpha) for ids, total in totals.items()}
        found = best(beam(model, [5, 3], 3, width=7**3, length_penalty=alpha))
        assert found.ids == max(scores, key=scores.__getitem__)
        assert found.score == pytest.approx(max(scores.values()), abs=1e-4)


def test_the_length_penalty_is_that_of_wu_et_al() -> None:
    assert penalty_of_length(1, 0.6) == 1
    assert penalty_of_length(7, 1) == 2
    assert all(penalty_of_length(length, 0) == 1 for length in range(1, 9))


def test_batches_hold_every_sentence_once() -> None:
    found = list(batches(SOURCES, 3))
    assert sorted(itertools.chain(*found)) == list(range(len(SOURCES)))
    assert max(map(len, found)) == 3


@pytest.mark.parametrize("limit", [1, 6, None])
def test_many_sentences_at_once_are_translated_like_each_alone(limit: int | None) -> None:
    for seed in range(7):
        model = random_model(seed)
        assert greedy_batch(model, SOURCES, limit) == [list(best(greedy(model, each, limit)).ids) for each in SOURCES]
        for width in (2, 5):
            expected = [list(best(beam(model, each, limit, width)).ids) for each in SOURCES]
            assert beam_batch(model, SOURCES, limit, width) == expected


def test_no_sentences_are_no_translations(model: Transformer) -> None:
    assert greedy_batch(model, []) == []


@every_search
def test_searches_end_at_the_limit_and_at_the_last_position(model: Transformer, search) -> None:
    assert all(len(step.kept[0].ids) == step.position + 1 for step in search(model, SOURCES[0], 5) if step.kept)
    assert len(list(search(model, SOURCES[0], 5))) <= 5
    assert len(list(search(model, SOURCES[0], 999))) <= model.config.max_positions


def test_a_search_leaves_the_gradients_of_its_caller_alone(model: Transformer) -> None:
    steps = greedy(model, SOURCES[0])
    next(steps)
    assert torch.is_grad_enabled()
    assert not torch.is_inference_mode_enabled()


@pytest.mark.parametrize(("source", "count"), [([], 0), ([5] * 30, 30)])
def test_a_sentence_of_no_pieces_or_too_many_is_refused(model: Transformer, source, count) -> None:
    with pytest.raises(ValueError, match=f"1 to 29 pieces, but this one has {count}"):
        next(greedy(model, source))
    with pytest.raises(ValueError, match=f"1 to 29 pieces, but this one has {count}"):
        greedy_batch(model, [[5], source])


def test_a_model_in_training_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="training mode"):
        next(greedy(random_model().train(), SOURCES[0]))


def test_a_beam_without_width_is_refused(model: Transformer) -> None:
    with pytest.raises(ValueError, match="at least 1 wide"):
        beam(model, SOURCES[0], width=0)


@every_source
def test_what_a_search_writes_itself_may_as_well_be_its_prefix(model: Transformer, source) -> None:
    alone = list(greedy(model, source, 9))
    ids = best(alone).ids
    for length in range(len(ids)):
        continued = list(greedy(model, source, 9, prefix=ids[:length]))
        assert [step.position for step in continued] == [step.position for step in alone[length:]]
        for one, other in zip(continued, alone[length:], strict=True):
            assert [each.id for each in one.candidates] == [each.id for each in other.candidates]
        assert best(continued).ids == ids
        assert best(continued).log_probabilities == pytest.approx(best(alone).log_probabilities, abs=1e-5)


@every_search
@pytest.mark.parametrize("prefix", [(22,), (13, 4, 4, 19, 3)], ids=len)
@pytest.mark.parametrize("begin", READERS.values(), ids=READERS)
def test_a_prefix_counts_like_what_was_chosen(model: Transformer, search, prefix, begin) -> None:
    for hypothesis in hypotheses(list(search(model, SOURCES[1], 9, prefix=prefix, begin=begin))):
        assert hypothesis.ids[: len(prefix)] == prefix
        expected = teacher_forced(model, SOURCES[1], hypothesis.ids)
        assert torch.tensor(hypothesis.log_probabilities) == pytest.approx(expected, abs=1e-5)
        assert hypothesis.total == pytest.approx(float(expected.sum()), abs=1e-4)


@every_search
def test_a_prefix_as_long_as_the_limit_is_the_whole_translation(model: Transformer, search) -> None:
    (step,) = search(model, SOURCES[0], 3, prefix=(5, 6, 7))
    assert [each.ids for each in step.kept] == [(5, 6, 7)]


@every_search
@pytest.mark.parametrize(
    ("prefix", "trouble"),
    [
        ((5, VOCABULARY), "has the id 23, but ids go from 0 to 22"),
        ((-1,), "has the id -1"),
        ((5, END, 6), "cannot hold padding, the start piece or the end piece"),
        ((0,), "cannot hold padding"),
        ((5, 6, 7, 8), "has 4 pieces, but the translation may have 3"),
    ],
)
def test_a_prefix_with_which_nothing_can_begin_is_refused(model: Transformer, search, prefix, trouble) -> None:
    with pytest.raises(ValueError, match=trouble):
        search(model, SOURCES[0], 3, prefix=prefix)
