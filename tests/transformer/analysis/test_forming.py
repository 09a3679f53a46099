"""How heads form: overlaps against sums by hand, the moment against its definition, snapshots against single forward passes."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some
from safetensors.torch import save_file

from tests.small_models import untrained
from transformer import checkpoint
from transformer.analysis import forming, head_roles, snapshots
from transformer.checkpoint import CheckpointError
from transformer.decoding.search import beam, best, greedy
from transformer.decoding.ways import Search
from transformer.tokenizer import Tokenizer

SOURCE, TARGET = "The black cat sees the dog.", "Le chat noir voit le chien."
STEPS = (0, 7, 120, 3000)


def weights(*shape: int, seed: int = 1) -> np.ndarray:
    """Weights whose last axis sums to 1."""
    scores = np.exp(np.random.default_rng(seed).normal(size=shape) * 2)
    return scores / scores.sum(-1, keepdims=True)


def seen(queries: int, keys: int, causal: bool = False) -> np.ndarray:
    """A mask that lets everything be seen, or only what came before."""
    return np.tri(queries, keys, dtype=bool) if causal else np.ones((queries, keys), dtype=bool)


def test_an_overlap_is_one_minus_the_total_variation_distance() -> None:
    maps = weights(5, 4, 3)
    found = forming.overlaps(maps, seen(4, 3))
    by_hand = [
        1 - np.mean([abs(one - two).sum() / 2 for one, two in zip(each, maps[-1], strict=True)]) for each in maps
    ]
    np.testing.assert_allclose(found, by_hand, atol=1e-12)
    assert found[-1] == pytest.approx(1)
    nothing = np.array([[[1.0, 0.0]], [[0.0, 1.0]]])
    np.testing.assert_array_equal(forming.overlaps(nothing, seen(1, 2)), [0, 1])


def test_rows_that_cannot_look_elsewhere_say_nothing() -> None:
    mask = seen(4, 4, causal=True)
    maps = np.where(mask, weights(3, 4, 4), 0)
    maps /= maps.sum(-1, keepdims=True)
    rows = forming.by_query(maps)
    np.testing.assert_allclose(rows[:, 0], 1)
    np.testing.assert_allclose(forming.overlaps(maps, mask), rows[:, 1:].mean(-1))
    np.testing.assert_array_equal(forming.overlaps(maps[:, :1, :1], mask[:1, :1]), [1, 1, 1])


@pytest.mark.parametrize(("overlaps", "moment", "kind"), [
    ([0.2, 0.5, 0.6, 0.9, 1.0], 2, "formed"),
    ([0.2, 0.7, 0.59, 0.9, 1.0], 3, "formed"),  # fell back once
    ([0.2, 0.6, 1.0], 1, "formed"),  # exactly halfway counts
    ([0.2, 0.3, 0.3, 0.5, 1.0], None, "late"),  # only the last, which is itself
    ([0.2, 1.0], None, "late"),
    ([0.8, 0.1, 1.0], None, "alike"),
    ([1.0, 1.0, 1.0], None, "alike"),
])  # fmt: skip
def test_the_moment_is_the_first_that_stays_above_halfway(overlaps: list[float], moment: int | None, kind: str) -> None:
    assert forming.moment(np.array(overlaps)) == (moment, kind)


@given(some.lists(some.floats(0, 1), min_size=1, max_size=12))
def test_a_moment_keeps_what_it_promises(shares: list[float]) -> None:
    overlaps = np.array([*shares, 1.0])
    found, kind = forming.moment(overlaps)
    bar = (overlaps[0] + 1) / 2
    if found is None:
        assert overlaps[0] >= forming.ALIKE or overlaps[-2] < bar
        assert kind != "formed"
    else:
        assert 0 < found < len(shares)
        assert (overlaps[found:] >= bar).all()
        assert overlaps[found - 1] < bar


@pytest.mark.parametrize(("roles", "since"), [
    (("", "even", "diagonal", "diagonal"), 2), (("same", "same"), 0), (("same", ""), None), (("next", "same", "next"), 2),
])  # fmt: skip
def test_a_role_counts_from_where_it_is_kept(roles: tuple[head_roles.Role, ...], since: int | None) -> None:
    assert forming.since(roles) == since


@pytest.mark.parametrize("crossing", [True, False])
def test_a_formation_holds_the_roles_of_each_map(crossing: bool) -> None:
    even, diagonal = np.full((9, 9), 1 / 9), np.eye(9)
    maps = np.stack([even, 0.4 * even + 0.6 * diagonal, diagonal, diagonal])
    found = forming.formation(maps, seen(9, 9), np.zeros(9, dtype=bool), crossing)
    named = "diagonal" if crossing else "same"
    assert found.roles == ("even", named, named, named)
    assert (found.moment, found.kind, found.since) == (1, "formed", 1)
    assert found.halfway == pytest.approx(5 / 9)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    """An untrained model of two layers and three with four snapshots, each a little further away."""
    folder = tmp_path_factory.mktemp("runs") / "past"
    for step in STEPS:
        model = untrained(tokenizer, 4, encoder_layers=2, d_ff=17)
        with torch.no_grad():
            for parameter in model.parameters():
                parameter += torch.randn_like(parameter) * step / 3000
        checkpoint.save_snapshot(folder, model, step, {"steps": step, "loss": 9 - step / 1000})
    checkpoint.save(folder, model, tokenizer, {"training": {"steps": 3000}})
    return folder


def ids(tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """What is read: the English, and the French with its end."""
    return tokenizer.encode(SOURCE), [*tokenizer.encode(TARGET), 2]


@pytest.mark.parametrize("width", [1, 3])
def test_every_snapshot_sees_what_it_would_see_alone(folder: Path, tokenizer: Tokenizer, width: int) -> None:
    source, target = ids(tokenizer)
    film = snapshots.read(folder, source, target, Search(width), 30)
    assert film.steps == STEPS
    assert film.troubles == ()
    for place, moment in enumerate(film.moments):
        alone = checkpoint.load(folder, moment.step)
        with torch.inference_mode():
            trace = alone.model(torch.tensor([[*source, 2]]), torch.tensor([[1, *target[:-1]]]))
            own = greedy(alone.model, source, 30) if width == 1 else beam(alone.model, source, 30, width)
        assert moment.written == tuple(best(own).ids)
        assert moment.training["loss"] == 9 - moment.step / 1000
        for layer in range(3):
            above = trace.decoder.layers[layer]
            for kind, whole in (("decoder", above.self_attention), ("cross", above.cross_attention)):
                np.testing.assert_allclose(film.weights(kind, layer)[place], whole.weights[0], atol=1e-5)  # type: ignore[arg-type]
        for layer in range(2):
            whole = trace.encoder.layers[layer].self_attention.weights[0]
            np.testing.assert_allclose(film.weights("encoder", layer)[place], whole, atol=1e-5)


def test_nobody_can_change_what_all_sessions_share(folder: Path, tokenizer: Tokenizer) -> None:
    film = snapshots.read(folder, *ids(tokenizer), Search(1), 5)
    with pytest.raises(ValueError, match="read-only"):
        film.moments[0].kept["cross"][0, 0, 0, 0] = 1


def spoilt(folder: Path, step: int, how: str) -> None:
    """Break a snapshot."""
    file = checkpoint.snapshot_file(folder, step)
    opened = checkpoint.load(folder, step)
    tensors = {name: tensor.detach().clone() for name, tensor in opened.model.state_dict().items()}
    if how == "cut off":
        file.write_bytes(file.read_bytes()[:1000])
    elif how == "not finite":
        tensors["matrix"][3] = float("nan")
        save_file({name: each.contiguous() for name, each in tensors.items()}, file, {"training": json.dumps({})})
    elif how == "another shape":
        tensors["matrix"] = tensors["matrix"][:5]
        save_file({name: each.contiguous() for name, each in tensors.items()}, file, {"training": json.dumps({})})
    elif how == "no facts":
        save_file({name: each.contiguous() for name, each in tensors.items()}, file, {"training": "no JSON"})


@pytest.mark.parametrize("step", [0, 120])
@pytest.mark.parametrize("how", ["cut off", "not finite", "another shape", "no facts"])
def test_a_snapshot_that_cannot_be_used_is_left_out_and_named(
    folder: Path, tokenizer: Tokenizer, tmp_path: Path, step: int, how: str
) -> None:
    copy = tmp_path / "past"
    for file in folder.rglob("*"):
        if file.is_file():
            (copy / file.relative_to(folder)).parent.mkdir(parents=True, exist_ok=True)
            (copy / file.relative_to(folder)).write_bytes(file.read_bytes())
    spoilt(copy, step, how)
    film = snapshots.read(copy, *ids(tokenizer), Search(1), 5)
    assert film.steps == tuple(other for other in STEPS if other != step)
    assert len(film.troubles) == 1
    whole = snapshots.read(folder, *ids(tokenizer), Search(1), 5)
    np.testing.assert_array_equal(film.moments[-1].kept["cross"], whole.moments[-1].kept["cross"])


def test_a_folder_without_snapshots_has_no_moments(tokenizer: Tokenizer, tmp_path: Path) -> None:
    assert snapshots.read(tmp_path, *ids(tokenizer), Search(1), 5).steps == ()


def test_only_the_model_at_hand_is_open(folder: Path) -> None:
    opened = [each for _, each in snapshots.one_by_one(folder)]
    assert not any(isinstance(each, CheckpointError) for each in opened)
    assert len({id(each.model) for each in opened if not isinstance(each, CheckpointError)}) == 1
