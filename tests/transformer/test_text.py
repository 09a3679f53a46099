"""The one form of a text, whatever it was typed with, and its sentences."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from transformer.text import clean, sentences
from transformer.tokenizer import Tokenizer

ANY_TEXT = some.text(max_size=60)


@given(text=ANY_TEXT)
def test_a_clean_text_has_no_control_characters_and_single_spaces(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == clean(cleaned) == " ".join(cleaned.split(" ")).strip()
    assert not any(unicodedata.category(sign) in ("Cc", "Cs", "Cn", "Co") for sign in cleaned)
    letters = [sign for sign in unicodedata.normalize("NFKC", text) if sign.isalnum()]
    assert [sign for sign in cleaned if sign.isalnum()] == letters, "no letter is lost, none comes in"


@given(text=ANY_TEXT)
def test_a_text_has_one_form(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("She said “hello”.", 'She said "hello".'),
        ("I don’t know – really…", "I don't know - really..."),
        ("« Où est ton fre\u0300re\u00a0? »", '"Où est ton frère ?"'),
        ("Jetzt „so“", 'Jetzt "so"'),
        ("a\u200bb\u00adc\ufeff", "abc"),
        ("l`eau, l´eau, lʼeau", "l'eau, l'eau, l'eau"),
        ("Ｈｅｌｌｏ\u3000ﬁne", "Hello fine"),
        ("नमस्ते 한국어 👨‍👩‍👧", "नमस्ते 한국어 👨‍👩‍👧"),
        ("5 € (about $6) & 7 %", "5 € (about $6) & 7 %"),
    ],
)
def test_typographic_and_plain_text_are_one(tokenizer: Tokenizer, typed: str, plain: str) -> None:
    assert clean(typed) == plain
    assert tokenizer.encode(typed) == tokenizer.encode(plain)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "The train is late. They bought a car. Nobody answered.",
            ["The train is late.", "They bought a car.", "Nobody answered."],
        ),
        ("Mr. Smith is here. Is he?", ["Mr. Smith is here.", "Is he?"]),
        ("J. R. R. Tolkien wrote it. I read it.", ["J. R. R. Tolkien wrote it.", "I read it."]),
        ("He said “Go.” She left.", ['He said "Go."', "She left."]),
        ("So do I. Me too!", ["So do I.", "Me too!"]),
        ("the train is late. nobody came.", ["the train is late.", "nobody came."]),
        ("It costs 3.50 dollars... or so. No. 5 does.", ["It costs 3.50 dollars... or so.", "No. 5 does."]),
        ("Où est-il ? Ici.", ["Où est-il ?", "Ici."]),
        ("안녕하세요. 반갑습니다.", ["안녕하세요.", "반갑습니다."]),
        ("one", ["one"]),
        ("!!! ???", ["!!! ???"]),
        ("  ", []),
    ],
)
def test_sentences(text: str, found: list[str]) -> None:
    assert sentences(text) == found


@given(text=ANY_TEXT)
def test_no_sentence_is_lost(text: str) -> None:
    assert " ".join(sentences(text)).replace(" ", "") == clean(text).replace(" ", "")
    assert all(sentence.strip() for sentence in sentences(text))


def test_a_long_text_is_cut_in_a_moment() -> None:
    assert len(sentences("A b c. " * 20_000)) == 20_000
    assert sentences(" " * 200_000) == []
    assert clean("« " + "a" + " " * 200_000 + "»") == '"a"'
    assert sentences("." * 100_000 + '"' * 100_000) != []
