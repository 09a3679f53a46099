"""What the learner asks: a field that holds several sentences, of which one is walked through."""

import pytest

from tests.apps import app, sent, trouble

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
THREE = "The black cat sleeps. I see the dog. He likes the red house."


def read(test: object) -> str:
    """The English pieces on the chips."""
    strip = next(each for each in sent(test) if "source" in each)  # type: ignore[arg-type]
    return " ".join(chip["text"].strip("▁") for chip in strip["source"])


def test_of_several_sentences_one_is_shown_and_the_others_can_be_chosen() -> None:
    test = app("pages/90_cross_attention.py", text=THREE, checkpoint="grammar-en-fr", search="greedy")
    assert trouble(test) == []
    assert read(test).startswith("The black cat sleeps .")
    choose = test.segmented_control(key="pick_which")
    assert choose.options == ["1", "2", "3"]
    assert "3 sentences" in choose.label
    assert "Sentence 1 of 3. Choose another in the sidebar." in [each.value for each in test.caption]
    choose.set_value("3").run()
    assert trouble(test) == []
    assert read(test).startswith("He likes the red house .")
    test.text_input(key="text").set_value("I see him.").run()
    assert trouble(test) == []
    assert not [each for each in test.segmented_control if each.key == "pick_which"]
    assert not [each for each in test.caption if each.value.startswith("Sentence ")]


def test_the_address_brings_the_sentence_back_if_it_is_there() -> None:
    for which, begins in (("2", "I see the dog"), ("7", "The black cat"), ("x", "The black cat")):
        test = app("pages/10_tokens.py", text=THREE, checkpoint="grammar-en-fr", search="greedy", which=which)
        assert trouble(test) == []
        assert read(test).startswith(begins)


def test_hundreds_of_sentences_are_a_menu() -> None:
    test = app("", text="I see him. " * 300, checkpoint="grammar-en-fr", search="greedy")
    assert trouble(test) == []
    assert len(test.selectbox(key="pick_which").options) == 300


def test_a_sign_that_the_model_has_no_piece_for_is_named_beside_the_translation() -> None:
    for page in ("pages/90_cross_attention.py", "pages/50_one_head.py"):
        test = app(page, text="I see 5 € 한.", checkpoint="grammar-en-fr", search="greedy")
        assert trouble(test) == []
        said = " ".join(caption.value for caption in test.caption)
        assert "€ 한" in said
        assert "byte by byte" in said
        plain = app(page, text="I see the dog.", checkpoint="grammar-en-fr", search="greedy")
        assert "byte by byte" not in " ".join(caption.value for caption in plain.caption)


def test_bytes_on_the_chips_are_the_sign_they_stand_for() -> None:
    test = app("pages/90_cross_attention.py", text="I see 한.", checkpoint="grammar-en-fr", search="greedy")
    assert "한 1/3 한 2/3 한 3/3" in read(test)
