"""The shipped `tatoeba-en-fr` reads what people type, and its card says how well."""

import pytest

from tests import ROOT
from transformer import checkpoint
from transformer.checkpoint import Checkpoint
from transformer.decoding.search import translate

FOLDER = ROOT / "pretrained" / "tatoeba-en-fr"
LEAST = {"plain": 53.5, "capitals": 50.5, "small": 53.5, "typographic": 53.5}  # BLEU of the test split, beam 4


@pytest.fixture(scope="module")
def shipped() -> Checkpoint:
    """The model."""
    return checkpoint.load(FOLDER)


def french(shipped: Checkpoint, text: str) -> str:
    """With beam 4."""
    return translate(shipped.model, shipped.tokenizer, text, 4)


def test_the_card_says_how_each_way_of_typing_fares() -> None:
    found = {}
    for each in checkpoint.read_card(FOLDER)["evaluations"]:
        assert (each["corpus"], each["split"], each["beam"]) == ("tatoeba-en-fr", "test", 4)
        found[each.get("typed", "plain")] = each["bleu"]
    assert found.keys() == LEAST.keys()
    assert {typed: bleu for typed, bleu in found.items() if bleu < LEAST[typed]} == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("WHERE IS MY BOOK?", "Où est mon livre ?"), ("where is my book", "Où est mon livre ?"),
        ("Where Is My Book?", "Où est mon livre ?"), ("HE IS VERY TIRED.", "Il est très fatigué."),
        ("i don't like cold water.", "Je n'aime pas l'eau froide."),
    ],
)  # fmt: skip
def test_capitals_and_small_letters_are_read(shipped: Checkpoint, text: str, expected: str) -> None:
    assert french(shipped, text) == expected


def test_what_ships_is_the_mean_of_the_last_rounds() -> None:
    training = checkpoint.read_card(FOLDER)["training"]
    assert training["averaged"] == ["tatoeba-gpu-3", "tatoeba-gpu-2", "tatoeba-gpu-1"]
    assert training["commands"][-1].startswith("python -m transformer average ")


def test_the_pronoun_of_home_stands_for_the_right_noun(shipped: Checkpoint) -> None:
    tired, wide = (
        french(shipped, f"The animal didn't cross the street because it was too {how}.") for how in ("tired", "wide")
    )
    assert tired.endswith("parce qu'il était trop fatigué.")
    assert wide.endswith("parce qu'elle était trop large.")


@pytest.mark.parametrize("sign", ["😀", "👍", "★", "→"])
def test_a_sign_of_no_language_leaves_the_sentence_alone(shipped: Checkpoint, sign: str) -> None:
    plain = french(shipped, "I am very tired.")
    assert french(shipped, f"I am very tired. {sign}").startswith(plain.rstrip(". "))


@pytest.mark.parametrize(
    "pair", [("She said “hello”.", 'She said "hello".'), ("I don’t know – yet…", "I don't know - yet...")]
)
def test_typographic_signs_are_the_plain_ones(shipped: Checkpoint, pair: tuple[str, str]) -> None:
    typographic, plain = (french(shipped, text) for text in pair)
    assert typographic == plain != ""


def test_money_and_brackets_stay(shipped: Checkpoint) -> None:
    assert french(shipped, "The ticket costs €5.") == "Le billet coûte 5 €."
    assert french(shipped, "The price is 5 €.") == "Le prix est de 5 €."
    bracketed = french(shipped, "(I see the dog.)")
    assert bracketed.startswith("(")
    assert bracketed.endswith(")")
