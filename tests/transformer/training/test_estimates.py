"""What is said before the first step, against the model, the corpora and the batches themselves."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transformer.checkpoint import ROOT
from transformer.config import Config
from transformer.corpora import Pair, open_corpus
from transformer.model import Transformer
from transformer.tokenizer import Tokenizer
from transformer.training import estimates
from transformer.training.batches import Variation, encode_pairs, make_batches
from transformer.training.course import descent
from transformer.training.estimates import KNOWN, Text, estimate
from transformer.training.recipe import Recipe

GRAMMAR = KNOWN["grammar-en-fr"]
SMALL = {"d_model": 64, "heads": 4, "layers": 2, "d_ff": 256, "vocabulary_size": 2400, "batch_tokens": 480}


@dataclass
class Limits:
    """Of jobs."""

    minutes: float = 60
    parameters: int = 12_000_000


def recipe(**changes: object) -> Recipe:
    return Recipe(**{"corpus": "grammar-en-fr", "epochs": 3.6, **SMALL, **changes})


@given(
    heads=st.integers(1, 5), half_a_head=st.integers(1, 8), layers=st.integers(1, 3), d_ff=st.integers(1, 40),
    pieces=st.integers(5, 300),
)  # fmt: skip
def test_the_parameters_are_those_of_the_model(
    heads: int, half_a_head: int, layers: int, d_ff: int, pieces: int
) -> None:
    sizes = {"d_model": 2 * half_a_head * heads, "heads": heads, "layers": layers, "d_ff": d_ff}
    made = Recipe(corpus="x", epochs=1, vocabulary_size=pieces, **sizes)
    found = estimate(made, Text(100, 30.0))
    assert found.parameters == Transformer(made.config(pieces)).number_of_parameters
    assert not found.exact


@pytest.fixture(scope="module")
def grammar() -> tuple[Pair, ...]:
    return open_corpus("grammar-en-fr").split("train")


def test_what_is_known_of_the_grammar_is_true(grammar: tuple[Pair, ...]) -> None:
    measured = estimates.text_of(grammar)
    assert measured.pairs == GRAMMAR.pairs
    assert measured.letters == pytest.approx(GRAMMAR.letters, abs=0.1)


def test_vocabulary_and_steps_of_the_grammar_are_those_of_a_run(grammar: tuple[Pair, ...]) -> None:
    tokenizer = Tokenizer.train([side for pair in grammar for side in (pair.source, pair.target)], 2400)
    assert len(tokenizer) == GRAMMAR.vocabulary
    examples = encode_pairs(grammar, tokenizer, Variation(), 1, 100)
    for tokens in (480, 1000, 3000):
        found = estimate(recipe(batch_tokens=tokens, epochs=2), GRAMMAR)
        assert found.exact
        assert found.steps == pytest.approx(2 * len(make_batches(examples, tokens, 1)), rel=0.06)


def test_the_shipped_model_took_as_many_steps_as_it_would_be_told() -> None:
    card = json.loads((ROOT / "pretrained" / "grammar-en-fr" / "card.json").read_text())
    told = card["training"]["recipe"]
    made = Recipe(**{**told, "variation": Variation(**told["variation"])})
    found = estimate(made, GRAMMAR)
    assert found.parameters == card["parameters"]
    assert found.steps == pytest.approx(card["training"]["steps"], rel=0.06)


def test_more_work_takes_longer() -> None:
    usual = estimate(recipe(), GRAMMAR).seconds
    for changes in ({"epochs": 5}, {"layers": 4}, {"d_model": 128}, {"d_ff": 1024}):
        assert estimate(recipe(**changes), GRAMMAR).seconds > usual, changes
    assert estimate(recipe(pairs=5000), GRAMMAR).seconds < usual


def test_minutes_end_a_run() -> None:
    found = estimate(recipe(epochs=None, minutes=2), GRAMMAR)
    assert found.seconds == pytest.approx(120, abs=15)
    assert found.steps < estimate(recipe(epochs=None, minutes=4), GRAMMAR).steps
    both = estimate(recipe(epochs=1000, minutes=2), GRAMMAR)
    assert (both.steps, both.seconds) == (found.steps, found.seconds)


def test_a_slower_machine_takes_longer_for_epochs_and_does_less_in_minutes() -> None:
    assert estimate(recipe(), GRAMMAR, pace=3).seconds == pytest.approx(3 * estimate(recipe(), GRAMMAR).seconds)
    timed = recipe(epochs=None, minutes=2)
    assert estimate(timed, GRAMMAR, pace=3).steps < estimate(timed, GRAMMAR).steps / 2


def test_a_checkpoint_brings_its_sizes() -> None:
    base = Config(vocabulary_size=500, d_model=32, heads=2, encoder_layers=1, decoder_layers=1, d_ff=64)
    found = estimate(recipe(base="x"), GRAMMAR, base)
    assert found.exact
    assert found.parameters == Transformer(base).number_of_parameters


def test_impossible_sizes_are_said() -> None:
    with pytest.raises(ValueError, match=r"d_model \(65\) must be a multiple of heads \(4\)"):
        estimate(recipe(d_model=65), GRAMMAR)


def test_an_empty_corpus_is_said_and_nothing_breaks() -> None:
    empty = estimates.text_of([])
    found = estimate(recipe(), empty)
    assert estimates.objections(found, empty, Limits()) == ["This corpus has no pairs to train on."]


def test_limits_are_said() -> None:
    found = estimate(recipe(), GRAMMAR)
    assert estimates.objections(found, GRAMMAR, Limits()) == []
    (said,) = estimates.objections(found, GRAMMAR, Limits(parameters=1000))
    assert "353,280 parameters" in said
    assert "1,000" in said
    assert estimates.cut_short(found, Limits()) == ""
    assert "It will end after 0.5" in estimates.cut_short(found, Limits(minutes=0.5))


def card(folder: Path, seconds: float, steps: int = 2000, state: bool = True, **changes: object) -> Path:
    """A run's folder whose card says how long it took."""
    folder.mkdir(parents=True)
    made = recipe(**changes)
    training = {"recipe": asdict(made), "steps": steps, "seconds": seconds}
    (folder / "card.json").write_text(json.dumps({"config": asdict(made.config(1872)), "training": training}))
    if state:
        (folder / "state.safetensors").touch()
    return folder


def test_the_pace_is_that_of_the_runs_of_this_machine(tmp_path: Path) -> None:
    alone = estimates.pace([card(tmp_path / "a", 60)])
    assert estimates.pace([]) == 1
    twice = [card(tmp_path / "b", 120), card(tmp_path / "c", 120), card(tmp_path / "d", 9999)]
    assert estimates.pace(twice) == pytest.approx(2 * alone)
    assert estimates.pace([card(tmp_path / "e", 1e9)]) == 20, "a number that nobody could believe is cut"


def test_runs_of_other_machines_short_ones_and_nonsense_have_no_pace(tmp_path: Path) -> None:
    broken = card(tmp_path / "broken", 60)
    (broken / "card.json").write_text('{"training": {"recipe": 7}}')
    folders = [
        card(tmp_path / "uploaded", 600, state=False),
        card(tmp_path / "short", 600, steps=3),
        broken,
        tmp_path / "none",
    ]
    assert estimates.pace(folders) == 1


def test_bf16_is_expected_where_training_uses_it() -> None:
    assert estimates.BF16_FROM == descent.BF16_GAINS
    assert estimates.multiplies_bf16() == descent.multiplies_bf16()
