"""Pairs as people would type them: what changes, what stays, and that both sides tell the same."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from transformer.corpora import Pair
from transformer.text import clean
from transformer.training.varied import as_typed

PLAIN = Pair("I don't like cold water.", "Je n'aime pas l'eau froide.")
seeds = some.integers(0, 2**32)


@given(seed=seeds)
def test_only_the_source_changes_its_case(seed: int) -> None:
    varied = as_typed.other_case(PLAIN, random.Random(seed))
    assert varied.target == PLAIN.target
    assert varied.source.casefold().rstrip(".") == PLAIN.source.casefold().rstrip(".")
    assert varied.source in (
        "I DON'T LIKE COLD WATER.", "i don't like cold water.", "i don't like cold water", "I Don't Like Cold Water.",
    )  # fmt: skip


def test_every_case_comes_up() -> None:
    chance = random.Random(1)
    assert len({as_typed.other_case(PLAIN, chance).source for _ in range(200)}) == 4


@given(seed=seeds)
def test_a_sign_is_on_both_sides(seed: int) -> None:
    varied = as_typed.other_signs(PLAIN, random.Random(seed))
    assert varied.source.replace(PLAIN.source, "") == varied.target.replace(PLAIN.target, "") != ""
    assert clean(varied.source) == varied.source, "it is in its one form already"


@pytest.mark.parametrize(
    ("pair", "sources", "targets"),
    [
        (
            Pair("It costs 5 dollars.", "Ça coûte 5 dollars."),
            {"It costs €5.", "It costs $5."},
            {"Ça coûte 5 €.", "Ça coûte 5 $."},
        ),
        (Pair("It rose by 5 percent.", "Ça a augmenté de 5 pour cent."), {"It rose by 5%."}, {"Ça a augmenté de 5 %."}),
        (Pair("Tom and Mary sleep.", "Tom et Mary dorment."), {"Tom & Mary sleep."}, {"Tom & Mary dorment."}),
    ],
)
def test_signs_take_the_place_of_words(pair: Pair, sources: set[str], targets: set[str]) -> None:
    chance = random.Random(2)
    found = [as_typed.other_signs(pair, chance) for _ in range(60)]
    assert sources <= {each.source for each in found}
    assert targets <= {each.target for each in found}


def test_amounts_that_differ_are_left_alone() -> None:
    pair = Pair("It costs 5 dollars.", "Ça coûte 6 dollars.")
    for seed in range(50):
        assert "5 dollars" in as_typed.other_signs(pair, random.Random(seed)).source
