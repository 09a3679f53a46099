"""Swapped names: the same on both sides, of the same gender and beginning, and nothing else moves."""

import random
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transformer.corpora import Pair
from transformer.tokenizer import Tokenizer
from transformer.training.varied.names import MEN, OTHER_FORM, VOWELS, WOMEN, invented_name, swap_names

TEMPLATES = [
    ("{} sings.", "{} chante."),
    ("I saw {}'s dog, and {} saw me.", "J'ai vu le chien de {}, et {} m'a vu."),
    ("Where is {}?", "Où est {} ?"),
    ("Tomorrow {} will go to Paris.", "Demain, {} ira à Paris."),
    ("Did you meet “{}”?", "As-tu rencontré « {} » ?"),
    ("{}-the-great and the annamite", "{}-le-grand et l'annamite"),
]
names, templates, seeds = st.sampled_from(MEN + WOMEN), st.sampled_from(TEMPLATES), st.integers(0, 2**32)


def filled(template: tuple[str, str], name: str) -> Pair:
    """A pair about somebody."""
    return Pair(*(side.format(*[name] * 2) for side in template), links=((0, 0),))


@given(name=names, template=templates, seed=seeds)
def test_the_new_name_is_the_same_on_both_sides_and_nothing_else_changes(
    name: str, template: tuple[str, str], seed: int
) -> None:
    swapped = swap_names(filled(template, name), random.Random(seed))
    pattern = re.escape(template[0]).replace(re.escape("{}"), r"(\w+)", 1).replace(re.escape("{}"), r"\1")
    new = re.fullmatch(pattern, swapped.source)
    assert new
    assert swapped == filled(template, new[1])


def new_name(name: str, seed: int) -> str:
    """What a name becomes."""
    return swap_names(Pair(name, name), random.Random(seed)).source


@given(name=names, seed=seeds)
def test_a_name_that_begins_with_a_vowel_stays_one(name: str, seed: int) -> None:
    """`d'Alice` may become `d'Emma`, and never `d'Betty`."""
    assert new_name(name, seed).startswith(VOWELS) == name.startswith(VOWELS)


@given(name=names, seed=seeds)
def test_a_womans_name_stays_a_womans(name: str, seed: int) -> None:
    """French agrees with it. An invented name is nobody's, and so may be anybody's."""
    same, other = (MEN, WOMEN) if name in MEN else (WOMEN, MEN)
    assert new_name(name, seed) in same or new_name(name, seed) not in other


def test_some_names_are_invented_and_most_are_known() -> None:
    found = [new_name("Tom", seed) for seed in range(503)]
    invented = sum(name not in MEN for name in found)
    assert 503 / 3 * 0.8 < invented < 503 / 3 * 1.2
    assert len(set(found)) > 100


def test_no_name_belongs_to_both_or_stands_twice() -> None:
    assert len({*MEN, *WOMEN}) == len(MEN) + len(WOMEN)
    assert {*OTHER_FORM} <= {*WOMEN, *MEN}


@pytest.mark.parametrize(
    "pair",
    [
        Pair("The dog sleeps.", "Le chien dort.", ((0, 0),)),
        Pair("Paris is a town.", "Paris est une ville."),  # a name of no person
        Pair("Tom sleeps.", "Il dort."),  # on one side only
        Pair("He sleeps.", "Tom dort."),
        Pair("tom sleeps.", "tom dort."),
        Pair("Tomorrow", "Tomate"),
        Pair("", ""),
    ],
)  # fmt: skip
def test_a_pair_without_a_name_on_both_sides_is_left_as_it_is(pair: Pair) -> None:
    assert all(swap_names(pair, random.Random(seed)) == pair for seed in range(53))


@pytest.mark.parametrize(("english", "french"), OTHER_FORM.items())
def test_a_translated_name_is_swapped_for_one_that_is_the_same_on_both_sides(english: str, french: str) -> None:
    for seed in range(53):
        swapped = swap_names(Pair(f"{english} sings.", f"{french} chante."), random.Random(seed))
        assert swapped.source.split()[0] == swapped.target.split()[0]


@given(seed=seeds, name=names)
def test_the_same_random_source_gives_the_same_name(seed: int, name: str) -> None:
    assert new_name(name, seed) == new_name(name, seed)


def two_people(one: str, other: str, seed: int) -> tuple[list[str], list[str]]:
    """The names of both sides after a swap of two."""
    pair = Pair(f"{one} and {other}", f"{OTHER_FORM.get(one, one)} et {OTHER_FORM.get(other, other)}")
    swapped = swap_names(pair, random.Random(seed))
    return swapped.source.split(" and "), swapped.target.split(" et ")


def same_on_both_sides(one: str, other: str, seed: int) -> bool:
    source, target = two_people(one, other, seed)
    return source == target


def still_two(one: str, other: str, seed: int) -> bool:
    source, target = two_people(one, other, seed)
    return len({*source}) == len({*target}) == 2


@pytest.mark.parametrize("truth", [same_on_both_sides, still_two])
def test_two_people_stay_two_people_and_the_same_on_both_sides(truth: Callable[[str, str, int], bool]) -> None:
    assert all(truth("Betty", "Mary", seed) for seed in range(1009))


@given(seed=seeds)
def test_an_invented_name_is_one_capitalised_word_of_letters(seed: int) -> None:
    name = invented_name(random.Random(seed))
    assert re.fullmatch(r"[A-Z][a-z]{2,}", name)
    assert not name.startswith(tuple("AEIOU"))


def test_an_invented_name_can_be_written(tokenizer: Tokenizer) -> None:
    for seed in range(53):
        name = invented_name(random.Random(seed))
        assert tokenizer.decode(tokenizer.encode(name)) == name
