"""What a run keeps of its gradients: their sizes by matrix before clipping, in lines that code of any age can pass over."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path

import pytest
import torch

from tests.transformer.training.small_runs import ONE, fresh, recipe
from transformer.corpora import Pair
from transformer.tokenizer import Tokenizer
from transformer.training import history
from transformer.training.batches import Example, Variation, encode_pairs, to_batch
from transformer.training.course.descent import CLIP, by_matrix
from transformer.training.course.descent import step as one_step
from transformer.training.history import FILE, LOOKS, Entry, Gradients, History
from transformer.training.loop import Loss, Material, train
from transformer.training.run import STATE, Run

SMALL = {"vocabulary_size": 400, "d_model": 10, "heads": 5, "layers": 1, "d_ff": 11, "batch_tokens": 211, "warm_up": 7}


def entry(step: int, share: float = 0.5) -> Entry:
    """A moment of a run."""
    return Entry(
        step=step, epoch=1, share=share, seconds=float(step), loss=3.0, learning_rate=0.1, gradient_norm=2.0, tokens_per_second=9.0,
        seconds_left=1.0,
    )  # fmt: skip


def gradients(step: int, share: float = 0.5, parts: Mapping[str, float] | None = None) -> Gradients:
    """A look at one."""
    return Gradients(step=step, share=share, norm=2.0, clipped=True, parts=parts or {"matrix": 1.2, "W": 1.6})


@pytest.fixture
def examples(pairs: tuple[Pair, ...], tokenizer: Tokenizer) -> list[Example]:
    """A batch."""
    return encode_pairs(pairs[:9], tokenizer, Variation(), seed=0, longest=60)


def test_the_sizes_are_those_of_the_gradients_and_clipping_is_what_pytorch_does(
    tokenizer: Tokenizer, examples: list[Example]
) -> None:
    made = recipe(label_smoothing=0.0)
    batch, ours, theirs = to_batch(examples), fresh(made, tokenizer), fresh(made, tokenizer)
    adam = [torch.optim.Adam(model.parameters(), lr=0.01) for model in (ours, theirs)]
    module, optimizer = ONE.setup(Loss(ours, 0.0), adam[0])
    loss, norm, sizes = one_step(module, ours, optimizer, batch.tensors, 0.01, ONE)
    theirs.train()
    found = Loss(theirs, 0.0)(batch.source, batch.target, batch.expected)
    found.backward()
    right = {name: float(each.grad.norm()) for name, each in theirs.named_parameters() if each.grad is not None}
    assert {name: float(size) for name, size in sizes.items()} == pytest.approx(right, rel=1e-5)
    assert norm == float(torch.nn.utils.clip_grad_norm_(theirs.parameters(), CLIP)) > CLIP
    adam[1].step()
    assert loss == float(found.detach())
    assert all(torch.equal(a, b) for a, b in zip(ours.parameters(), theirs.parameters(), strict=True))
    parts = by_matrix(sizes)
    assert math.sqrt(sum(size**2 for size in parts.values())) == pytest.approx(norm, rel=1e-5)
    pair = [right[f"encoder_layers.0.self_attention.W_Q.{name}"] for name in ("weight", "bias")]
    assert parts["encoder_layers.0.self_attention.W_Q"] == pytest.approx(math.hypot(*pair), rel=1e-5)
    assert parts["matrix"] == pytest.approx(right["matrix"], rel=1e-5)


def test_a_matrix_without_a_gradient_has_no_size(tokenizer: Tokenizer, pairs: tuple[Pair, ...], tmp_path: Path) -> None:
    made, part = recipe(epochs=1), "decoder_layers.0.cross_attention"
    model = fresh(made, tokenizer)
    for each in model.decoder_layers[0].cross_attention.parameters():
        each.requires_grad_(False)
    [first, *_rest] = train(model, tokenizer, Material(pairs=pairs[:20]), made, tmp_path / "state", ONE)
    assert not [name for name in by_matrix(first.sizes) if name.startswith(part)]


def test_there_are_many_looks_at_the_beginning_and_a_bounded_number_in_all(tmp_path: Path) -> None:
    kept = History(tmp_path)
    for step in range(1, 20_001):
        kept.look(step, step / 20_000, lambda step=step: gradients(step, step / 20_000))  # type: ignore[misc]
    steps = [look.step for look in history.gradients(tmp_path)]
    assert steps[:6] == [1, 3, 5, 7, 9, 11]
    assert steps[-1] == 20_000
    assert len(steps) < 2 * LOOKS
    assert (tmp_path / FILE).stat().st_size < 100_000


def test_older_code_passes_over_the_gradients_and_this_code_over_what_is_newer(tmp_path: Path) -> None:
    kept = History(tmp_path)
    for step in (1, 2, 3):
        kept.add(entry(step))
        kept.look(step, step / 3, lambda step=step: gradients(step))  # type: ignore[misc]
    lines = (tmp_path / FILE).read_text().splitlines()
    names = {field.name for field in fields(Entry)}
    strict = [line for line in map(json.loads, lines) if set(line) <= names]  # how older code read it: `Entry(**line)`
    assert [line["step"] for line in strict] == [1, 2, 3]
    newer = (
        json.dumps(asdict(entry(4)) | {"mood": "good"}),
        '{"weights": {"step": 4}}',
        '{"gradients": {"step": 5}}',
        "[]",
        '{"gradients',
    )
    (tmp_path / FILE).write_text("\n".join((*lines, *newer)) + "\n")
    assert history.read(tmp_path) == [entry(step) for step in (1, 2, 3, 4)]
    assert [look.step for look in history.gradients(tmp_path)] == [1, 2, 3]


def test_a_history_without_them_is_read_as_it_always_was(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(json.dumps(asdict(entry(7))) + "\n")
    assert history.read(tmp_path) == [entry(7)]
    assert history.gradients(tmp_path) == []
    assert history.gradients(tmp_path / "nowhere") == []


@pytest.mark.parametrize("told", [
    '"much"', '{"step": "1", "share": 0, "norm": 1, "clipped": true, "parts": {"W": 1}}',
    '{"step": 1, "share": 0, "norm": 1, "clipped": true, "parts": {"W": "1"}}', '{"step": 1, "share": 0, "norm": 1, "clipped": true, "parts": {}}',
    '{"step": 1, "share": 0, "norm": 1, "clipped": true, "parts": ["W"]}',
])  # fmt: skip
def test_a_line_that_tells_nonsense_is_passed_over(tmp_path: Path, told: str) -> None:
    (tmp_path / FILE).write_text(f'{{"gradients":{told}}}\n' + gradients(9).line())
    assert history.gradients(tmp_path) == [gradients(9)]


def test_what_a_crash_lost_is_forgotten_here_too(tmp_path: Path) -> None:
    kept = History(tmp_path)
    for step in range(1, 10):
        kept.add(entry(step))
        kept.look(step, step / 10, lambda step=step: gradients(step, step / 10))  # type: ignore[misc]
    again = History(tmp_path, 5)
    assert [each.step for each in history.read(tmp_path)] == [1, 2, 3, 4, 5]
    assert [look.step for look in history.gradients(tmp_path)] == [1, 2, 3, 4, 5]
    again.look(6, 0.6, lambda: gradients(6, 0.6))
    assert [look.step for look in history.gradients(tmp_path)][-2:] == [5, 6]
    History(tmp_path)
    assert history.gradients(tmp_path) == []


def test_a_run_records_them_and_goes_on_with_them(table: Path, tmp_path: Path, quiet: None) -> None:
    folder = tmp_path / "mine"
    list(Run.start(folder, {"corpus": str(table), "epochs": 2, **SMALL}, "the command").reports(stop=lambda: False))
    assert (folder / STATE).exists()
    looks, known = history.gradients(folder), {each.step: each for each in history.read(folder)}
    assert looks[0].step == 1
    assert {name.partition(".")[0] for name in looks[0].parts} == {"matrix", "encoder_layers", "decoder_layers"}
    for look in looks:
        assert look.clipped == (look.norm > CLIP)
        assert math.sqrt(sum(size**2 for size in look.parts.values())) == pytest.approx(look.norm, rel=2e-3)
        assert look.step not in known or known[look.step].gradient_norm == look.norm
    list(Run.resume(folder, {"epochs": 3}, "the command").reports(stop=lambda: False))
    assert history.gradients(folder)[: len(looks)] == looks
    assert history.gradients(folder)[-1].step > looks[-1].step
