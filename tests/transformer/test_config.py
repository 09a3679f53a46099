"""The sizes of a model: which cannot be, and how many numbers they make."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from transformer.config import Config
from transformer.model import Transformer


@pytest.mark.parametrize(
    ("special", "told"),
    [
        ({"start_id": 0}, "start_id 0"), ({"end_id": 1}, "end_id 1"), ({"padding_id": -1}, "padding_id -1"),
        ({"end_id": 9}, "vocabulary_size"),
    ],
)  # fmt: skip
def test_the_special_pieces_are_three_of_the_vocabulary(special: dict[str, int], told: str) -> None:
    """A start piece that is padding would be masked everywhere, and give NaN without a word."""
    with pytest.raises(ValueError, match=told):
        Config(**{"vocabulary_size": 9, "d_model": 8, "heads": 2, **special})


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ({"dropout": None}, "dropout must be a number, but is None"), ({"heads": 2.0}, "heads must be a whole number"),
        ({"d_model": "8"}, "d_model must be a whole number, but is '8'"), ({"d_ff": True}, "d_ff must be a whole number"),
        ({"d_ff": 0}, "d_ff must be at least 1"), ({"dropout": float("nan")}, "dropout must be at least 0"),
    ],
)  # fmt: skip
def test_sizes_are_numbers(sizes: dict[str, object], told: str) -> None:
    """A card may be anybody's: no size may end in Python's own words."""
    with pytest.raises(ValueError, match=told):
        Config(**{"vocabulary_size": 9, "d_model": 8, "heads": 2, **sizes})


@pytest.mark.parametrize(
    ("card", "told"),
    [
        ({}, "does not tell the sizes"), ({"config": [1]}, "does not tell the sizes"), ({"config": {"heads": 1}}, "does not tell the sizes"),
        ({"config": {"vocabulary_size": 9, "evil": 1}}, "a size that is not known: 'evil'"),
    ],
)  # fmt: skip
def test_a_card_without_sizes_is_said_plainly(card: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Config.of(card)


@given(
    vocabulary=some.integers(3, 40),
    half=some.integers(1, 9),
    encoder=some.integers(1, 3),
    decoder=some.integers(1, 3),
    inner=some.integers(1, 30),
)
def test_the_number_of_parameters_is_that_of_the_model(
    vocabulary: int, half: int, encoder: int, decoder: int, inner: int
) -> None:
    sizes = {"d_model": 2 * half, "heads": 2, "encoder_layers": encoder, "decoder_layers": decoder, "d_ff": inner}
    config = Config(vocabulary_size=vocabulary, **sizes)
    assert Transformer(config).number_of_parameters == config.parameters
