"""What our models cost: their cards' steps times what was counted."""

import json
from pathlib import Path
from typing import Any

import pytest

from relatives.results import costs
from transformer import checkpoint
from transformer.checkpoint import read_card
from transformer.corpora import Corpus
from transformer.corpora.grammar_en_fr import generate

SHIPPED = sorted(
    card.parent for card in (*costs.SHIPPED.glob("*/card.json"), *costs.SHIPPED.glob("relatives/*/card.json"))
)


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_every_shipped_model_is_counted(folder: Path) -> None:
    card = read_card(folder)
    cost = costs.cost(card, costs.read())
    training = card["training"]
    steps = [each["steps"] for each in [*training.get("earlier", []), training]]
    assert [stage.steps for stage, _ in cost.stages] == steps
    assert all(step for _, step in cost.stages), "count it: python -m relatives.results.costs"
    total = sum(
        count * (sum(step.forward.values()) + step.backward)
        for count, (_, step) in zip(steps, cost.stages, strict=True)
        if step
    )
    assert cost.total == pytest.approx(total)
    assert cost.whole == (len(training.get("averaged", [])) < 2)


@pytest.mark.parametrize(
    "folder", [each for each in SHIPPED if each.parent == costs.SHIPPED], ids=lambda folder: folder.name
)
def test_what_is_recorded_is_near_the_rule_of_thumb(folder: Path) -> None:
    """Between 6 operations for each number in a matrix and each piece, and 15 % more: padding, and the products of attention."""
    kept = checkpoint.load(folder)
    matrices = sum(each.numel() for each in kept.model.parameters() if each.dim() == 2)
    for _, step in costs.cost(kept.card, costs.read()).stages:
        assert step
        assert 1 < step.total / (6 * matrices * step.pieces / 2) < 1.15


def test_the_trainings_of_a_card_with_a_past() -> None:
    stages = costs.stages(read_card(costs.SHIPPED / "tatoeba-en-fr"))
    assert [stage.batch_tokens for stage in stages] == [3000] * 5 + [16000]
    assert stages[3].also == {"grammar-en-fr": 4000, "prices-en-fr": 10000}
    assert sum(stage.steps for stage in stages) == 6383 + 5246 + 4127 + 1176 + 950 + 2969


def card(**training: Any) -> dict[str, Any]:
    recipe = {"corpus": "mine.tsv", "batch_tokens": 480}
    return {
        "config": {"d_model": 8, "dropout": 0.1},
        "training": {"recipe": recipe, "steps": 10, "seconds": 1.0} | training,
    }


def test_a_fine_tuning_counts_with_what_went_before() -> None:
    commands = [
        "python -m transformer train grammar-en-fr --out runs/a",
        "python -m transformer train --resume runs/a",
        "python -m transformer train mine.tsv --from a",
    ]
    own = card(commands=commands, earlier=[{"steps": 100, "seconds": 9.0, "epochs": 1}])
    counted = [
        {**costs.key(own["config"], stage), "forward": {"logits": 1.0 + at}, "backward": 2.0, "pieces": 5, "batches": 1}
        for at, stage in enumerate(costs.stages(own))
    ]
    assert [each["corpus"] for each in counted] == ["grammar-en-fr", "mine.tsv"]
    assert costs.cost(own, counted).total == 100 * 3 + 10 * 4
    half = costs.cost(own, counted[1:])
    assert (half.total, half.whole) == (10 * 4, False)


@pytest.mark.parametrize("broken", [
    {}, {"config": {}}, {"config": {}, "training": 3}, {"config": {}, "training": {"recipe": {}}},
    {"config": {}, "training": {"recipe": {"corpus": "a", "batch_tokens": 1}, "steps": "many", "seconds": 0}},
    {"config": {}, "training": {"recipe": {"corpus": "a", "batch_tokens": 1}, "steps": 1, "seconds": 0, "commands": ["train"]}},
    {"config": {}, "training": {"recipe": {"corpus": "a", "batch_tokens": 1}, "steps": 1, "seconds": 0, "commands": "'"}},
], ids=str)  # fmt: skip
def test_a_card_that_does_not_tell_is_a_sentence(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="its card does not"):
        costs.cost(broken, [])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"counted": 3}',
        '{"counted": [{}]}',
        '{"counted": [{"forward": {}, "backward": 1, "pieces": 1, "batches": 1}]}',
    ],
)
def test_a_damaged_record_is_a_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "costs.json"
    with pytest.raises(ValueError, match=r"is missing.*relatives\.results\.costs"):
        costs.read(file)
    file.write_text(text)
    with pytest.raises(ValueError, match=r"is damaged.*relatives\.results\.costs"):
        costs.read(file)


def test_the_command_counts_what_ships(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model of the grammar, whose text is in the project; each step is counted once."""
    shelf = tmp_path / "pretrained"
    shelf.mkdir()
    (shelf / "grammar-en-fr").symlink_to(costs.SHIPPED / "grammar-en-fr")
    monkeypatch.setattr(costs, "SHIPPED", shelf)
    monkeypatch.setattr(checkpoint, "FOLDERS", (shelf,))
    few = Corpus(name="grammar-en-fr", title="", licence="", attribution="", pairs=generate(1, 600))
    monkeypatch.setattr(costs, "open_corpus", lambda _name: few)
    monkeypatch.setattr(costs.flops.step, "__kwdefaults__", {"batches": 4})
    assert costs.main(["--out", str(tmp_path / "costs.json")]) == 0
    [entry] = json.loads((tmp_path / "costs.json").read_text())["counted"]
    recorded = costs.cost(read_card(shelf / "grammar-en-fr"), costs.read()).stages[0][1]
    assert recorded
    assert costs.of_record(entry).total == pytest.approx(recorded.total, rel=0.2)
