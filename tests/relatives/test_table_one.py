"""Table 1: shapes, who hears of whom by experiment and by theory, what is kept for the backward pass, and a file of measurements. No timings."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from relatives import measuring
from relatives.table_one import (
    HEADS,
    KERNEL,
    KINDS,
    SelfAttention,
    heard,
    layer,
    operations,
    path,
    products,
    sequential,
)
from tests import ROOT

LINE = {"kind": "attention", "n": 8, "d": 32, "forward": 0.25, "backward": 0.5, "saved": 900, "matrix": 2048, "runs": 3}
HEAD = {"machine": {"processor": "abacus", "threads": "1"}, "total": 4}


@pytest.mark.parametrize("kind", KINDS)
def test_a_layer_keeps_the_shape_and_learns(kind: str) -> None:
    x = torch.randn(2, 5, 16, requires_grad=True)
    one = layer(kind, 16, depth=1)
    output = one(x)
    assert output.shape == x.shape
    output.square().sum().backward()
    assert x.grad is not None
    assert all(weight.grad is not None for weight in one.parameters())


def test_self_attention_is_the_transformers_own() -> None:
    one, x = SelfAttention(16, heads=4), torch.randn(1, 6, 16)
    mask = torch.ones(1, 1, 6, 6, dtype=torch.bool)
    torch.testing.assert_close(one(x), one.attention(x, x, mask).output)


@pytest.mark.parametrize("kernel", [2, 3, 5])
@pytest.mark.parametrize("n", [1, 2, 3, 9, 10, 28])
@pytest.mark.parametrize("kind", KINDS)
def test_the_last_hears_of_the_first_when_theory_says(kind: str, n: int, kernel: int) -> None:
    sizes = heard(kind, n, kernel=kernel)
    assert len(sizes) - 1 == path(kind, n, kernel)
    assert sizes[-1, -1] > 0
    assert not sizes[:-1, -1].any(), "not before"
    assert sizes[0, 0] > 0
    assert not sizes[0, 1:].any(), "in the beginning only the first is changed"


def test_the_paths_are_those_of_the_table() -> None:
    n = 28
    found = {kind: path(kind, n) for kind in KINDS}
    assert found == {
        "attention": 1, "recurrence": n - 1, "convolution": math.ceil((n - 1) / (KERNEL - 1)), "dilated": math.ceil(math.log(n, KERNEL)),
    }  # fmt: skip
    assert [sequential(kind, n) for kind in KINDS] == [1, n, 1, 1]


def test_who_hears_is_the_same_for_any_weights() -> None:
    for kind in KINDS:
        one, other = heard(kind, 10, seed=1), heard(kind, 10, seed=2)
        assert ((one > 0) == (other > 0)).all()
        assert (one != other).any()


def test_the_change_is_that_of_a_small_nudge() -> None:
    """A difference, where it does not drown in rounding yet."""
    torch.manual_seed(1)
    x, nudge = torch.randn(1, 4, 8, dtype=torch.float64), torch.zeros(1, 4, 8, dtype=torch.float64)
    nudge[0, 0] = torch.nn.functional.normalize(torch.randn(8, dtype=torch.float64), dim=0)
    one = layer("recurrence", 8).double()
    with torch.no_grad():
        change = (one(x + 1e-6 * nudge) - one(x))[0].norm(dim=-1) / 1e-6
    torch.testing.assert_close(heard("recurrence", 4)[-1], change, rtol=1e-4, atol=1e-8)


def test_operations_are_counted() -> None:
    assert [operations(kind, 10, 16) for kind in KINDS] == [
        10 * 10 * 16,
        10 * 16 * 16,
        3 * 10 * 16 * 16,
        3 * 10 * 16 * 16,
    ]
    assert products("attention", 10, 16) == {"projections": 10240, "scores": 1600, "mixing": 1600}
    for kind, weights in (("attention", 4), ("recurrence", 2), ("convolution", KERNEL)):
        matrices = sum(weight.numel() for weight in layer(kind, 16).parameters() if weight.dim() > 1)
        assert matrices == weights * 16 * 16
        made = sum(products(kind, 10, 16).values())
        assert made == 10 * matrices + (2 * 10 * 10 * 16 if kind == "attention" else 0)


def test_attention_keeps_n_times_n_and_the_others_n() -> None:
    kept = {
        (kind, n): measuring.kept(layer(kind, 16), torch.randn(1, n, 16, requires_grad=True)) for kind in KINDS for n in (64, 128, 256)
    }  # fmt: skip
    for kind in KINDS:
        first, second = kept[kind, 128] - kept[kind, 64], kept[kind, 256] - kept[kind, 128]
        assert second / first == pytest.approx(4 if kind == "attention" else 2, rel=0.05)
    assert kept["attention", 256] > HEADS * 256 * 256 * 4


def test_the_command_writes_what_is_read(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    measuring.main(["--out", str(file), "--lengths", "8", "16", "--widths", "16"])
    record = measuring.read(file)
    assert record is not None
    assert record.total == len(record.points) == 2 * len(KINDS)
    assert record.machine.keys() == {"processor", "threads", "torch", "date"}
    assert {(point.kind, point.n) for point in record.points} == {(kind, n) for kind in KINDS for n in (8, 16)}
    assert all(point.forward > 0 < point.backward and point.runs >= 2 for point in record.points)
    assert [point.matrix for point in record.points if point.kind == "attention"] == [
        HEADS * n * n * 4 for n in (8, 16)
    ]


def test_a_measurement_that_nobody_waits_for_ends_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parents = iter([7, 7, 1])
    monkeypatch.setattr(measuring.os, "getppid", lambda: next(parents))
    file = tmp_path / "mine.jsonl"
    measuring.main(["--attended", "--out", str(file), "--lengths", "8", "16", "--widths", "16"])
    assert next(parents, None) is None, "it ended after the second point"
    assert not file.exists()


@pytest.mark.parametrize("asked", [["--widths", "12"], ["--lengths", "0"], ["--lengths", "x"]])
def test_what_cannot_be_measured_is_said(asked: list[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        measuring.main(["--out", str(tmp_path / "none"), *asked])
    assert not (tmp_path / "none").exists()


def test_a_damaged_file_gives_what_is_sound(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    spoilt = [
        '{"kind": "attention", "n": 8', "[]", "17", json.dumps(LINE | {"n": "8"}), json.dumps(LINE | {"forward": math.inf}),
        json.dumps(LINE | {"kind": "magic"}), json.dumps(LINE | {"saved": 0}), json.dumps(LINE | {"more": 1}), "\udcff\x00",
    ]  # fmt: skip
    lines = [json.dumps(HEAD), json.dumps(LINE), *spoilt, json.dumps(LINE | {"n": 16})]
    file.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))
    record = measuring.read(file)
    assert record is not None
    assert [point.n for point in record.points] == [8, 16]
    assert record.spoilt == len(spoilt)
    for text in ("", "nonsense", json.dumps(LINE), json.dumps({"machine": 1, "total": 2})):
        file.write_text(text)
        assert measuring.read(file) is None
    assert measuring.read(tmp_path / "missing") is None


def test_the_recorded_results_are_whole() -> None:
    record = measuring.read(measuring.RECORDED)
    assert record is not None
    assert record.spoilt == 0
    assert {(point.kind, point.n, point.d) for point in record.points} == {
        (kind, n, d) for kind in KINDS for n in measuring.LENGTHS for d in measuring.WIDTHS
    }
    assert record.machine["processor"]
    for point in record.points:
        if point.n == 64:
            x = torch.randn(1, point.n, point.d, requires_grad=True)
            assert point.saved == measuring.kept(layer(point.kind, point.d, measuring.DILATED), x)


@pytest.mark.slow
def test_the_command_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    command = [sys.executable, "-m", "relatives.measuring", "--out", str(file), "--lengths", "8", "--widths", "8"]
    subprocess.run(command, cwd=ROOT, check=True, timeout=300)
    assert len(file.read_text("utf-8").splitlines()) == 1 + len(KINDS)
