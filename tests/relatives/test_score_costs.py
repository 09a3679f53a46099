"""What the score functions cost: they are what they are called, memory is counted as by hand, and a bad record is named."""

import json
import math
from pathlib import Path

import pytest
import torch

from relatives.scaling import cost, recorded
from relatives.scaling.__main__ import main
from relatives.scaling.cost import D_K, FUNCTIONS, HEADS, Ledger
from relatives.scaling.recorded import RecordError


def test_the_functions_are_the_sums_that_they_are_called() -> None:
    queries, keys, v = cost.inputs(5)
    found = {name: function(queries, keys, v) for name, function in FUNCTIONS.items()}
    for head, query, key in ((0, 0, 4), (7, 3, 3), (2, 4, 1)):
        q, k = queries[head, query], keys[head, key]
        expected = {"additive": v @ torch.tanh(q + k), "dot": q @ k, "scaled": q @ k / math.sqrt(D_K)}
        for name, score in expected.items():
            torch.testing.assert_close(found[name][head, query, key], score, rtol=1e-4, atol=1e-4)


def test_memory_is_what_one_counts_by_hand() -> None:
    """Additive: q + k and its tanh at a time. Dot: the scores. Scaled: the scores twice, before and after the division."""
    map_of_scores = 4 * HEADS * 16**2
    expected = {"additive": 2 * D_K * map_of_scores, "dot": map_of_scores, "scaled": 2 * map_of_scores}
    assert {name: cost.cost(name, 16).bytes for name in FUNCTIONS} == expected


def test_what_is_let_go_is_off_the_account_and_views_never_were_on_it() -> None:
    with Ledger() as ledger:
        one = torch.ones(10)
        view = one.reshape(2, 5).T
        assert ledger.now == 40
        del one, view
        assert ledger.now == 0
    assert ledger.most == 40


def test_the_shipped_record_names_its_machine_and_has_every_job() -> None:
    machine, found = recorded.costs()
    assert "torch" in machine
    assert [(each.function, each.n) for each in found] == cost.jobs()


def test_the_command_records_what_it_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relatives.scaling.__main__.jobs", lambda: [("dot", 8), ("additive", 8)])
    path = tmp_path / "new" / "costs.json"
    assert main(["--costs", "--out", str(path)]) == 0
    assert [each.function for each in recorded.costs(path)[1]] == ["dot", "additive"]
    whole = json.loads(path.read_text("utf-8"))
    bad = whole["costs"][0]
    for damage in (
        {},
        {"costs": []},
        whole | {"costs": [bad | {"seconds": "1"}]},
        whole | {"costs": [bad | {"seconds": 0}]},
    ):
        path.write_text(json.dumps(damage), "utf-8")
        with pytest.raises(RecordError, match="damaged"):
            recorded.costs(path)
    with pytest.raises(RecordError, match=r"missing.*--costs"):
        recorded.costs(tmp_path / recorded.COSTS.name)
