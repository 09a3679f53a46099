"""Glossary: how many words it says there are, what a search and a letter leave of them, where each leads."""

from collections import Counter
from difflib import SequenceMatcher

import pytest
from streamlit.testing.v1 import AppTest

from figures.writing import distributions
from pages.glossary import listed, where
from pages.glossary.asked import ALL, Asked, letters
from tests.apps import app, seen, stands_at_every_depth, trouble
from tests.pages.drawings import drawings
from ui.frame import pages
from ui.show import terms

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
TERMS = terms.glossary("en")
NASTY = (
    "<script>alert(1)</script>",
    "한국어",
    "x" * 5000,
    "{words} %s",
    "$x^2$ *a* `b`",
    "\x00\x1b",
    "[[count]]",
    "...",
)


def glossary(**asked: str) -> AppTest:
    """The page."""
    return app("pages/630_glossary.py", **asked)


def shown(test: AppTest) -> str:
    """The list."""
    return " ".join(each.value for each in test.markdown if "atlas-live" in each.value)


def words(test: AppTest) -> list[str]:
    """The terms of the list, in its order."""
    told = shown(test)
    return sorted(
        (term.word for term in TERMS if f'data-term="{term.word.replace("&", "&amp;")}"' in told),
        key=lambda word: told.index(f'data-term="{word.replace("&", "&amp;")}"'),
    )


def test_it_says_how_many_words_there_are_and_shows_each_with_its_link() -> None:
    test = glossary()
    assert trouble(test) == []
    formulas, live = sum(bool(term.formula) for term in TERMS), len({term.page for term in TERMS})
    assert f"<b>{len(TERMS)}</b>" in seen(test)
    assert f"<b>{formulas}</b>" in seen(test)
    assert f"<b>{live}</b>" in seen(test)
    assert len(words(test)) == len(TERMS)
    assert all(term.meaning in shown(test) for term in TERMS)
    assert 'href="50_' not in shown(test)
    assert 'href="50_one_head' not in shown(test)
    assert 'href="one_head?step=4"' in shown(test)


def test_a_letter_leaves_its_words() -> None:
    test = glossary(gl_letter="b")
    assert words(test) == sorted((term.word for term in TERMS if term.word.lower().startswith("b")), key=str.lower)
    assert glossary(gl_letter="ß").session_state["gl_letter"] == ALL
    assert "".join(letters()).islower()


@pytest.mark.parametrize("asked", ["beem", "BEAM", "béam"])
def test_a_search_forgives_slips_capitals_and_accents(asked: str) -> None:
    test = glossary(gl_find=asked)
    assert words(test)[0] == "beam"
    assert f"<b>{asked}</b>" in seen(test)


def test_a_search_finds_meanings_too_and_begins_with_the_word_itself() -> None:
    found = words(glossary(gl_find="softmax"))
    assert found[0] == "softmax"
    assert "attention score" in found


def test_typing_searches_and_emptying_shows_all_again() -> None:
    test = glossary()
    test.text_input(key="pick_gl_find").set_value("gate").run()
    assert test.session_state["gl_find"] == "gate"
    assert words(test)[0] == "gate"
    test.text_input(key="pick_gl_find").set_value("").run()
    assert len(words(test)) == len(TERMS)


def test_a_page_leaves_the_words_that_it_shows_live() -> None:
    test = glossary(gl_page="50_one_head")
    assert set(words(test)) == {term.word for term in TERMS if term.page == "50_one_head"}
    none = glossary(gl_page="50_one_head", gl_find="bleu")
    assert words(none) == []
    assert "No word fits" in seen(none)
    assert glossary(gl_page="999_none").session_state["gl_page"] == ALL


@pytest.mark.parametrize("asked", NASTY, ids=lambda asked: ascii(asked[:12]))
def test_whatever_is_typed_there_is_a_sentence(asked: str) -> None:
    test = glossary(gl_find=asked)
    stands_at_every_depth(test)
    assert "<script" not in seen(test)
    assert len(seen(test)) < 400


def test_the_bars_are_the_counts_of_the_pages() -> None:
    asked = Asked("", ALL, ALL)
    [drawn] = drawings(distributions, "bars", lambda: where.show(asked, listed.find(asked), "light"))
    counted = Counter(term.page for term in TERMS)
    assert list(drawn["values"]) == [count for _, count in counted.most_common(where.MOST)]
    assert sum(where.of_pages(listed.find(asked)).values()) == len(TERMS)
    assert list(where.of_pages(list(TERMS))) == [page for page in pages() if counted[page]]


def test_the_chosen_page_has_its_bar_even_if_it_is_a_short_one() -> None:
    short = min(pages(), key=lambda page: sum(term.page == page for term in TERMS) or 999)
    asked = Asked("", ALL, short)
    [drawn] = drawings(distributions, "bars", lambda: where.show(asked, listed.find(asked), "light"))
    assert drawn["selected"] == len(drawn["values"]) - 1


def test_the_lesson_counts_the_letters_that_two_words_share() -> None:
    values = listed.values(Asked("attenton", ALL, ALL), listed.find(Asked("attenton", ALL, ALL)))
    assert (values["typed"], values["best"]) == ("attenton", "attention")
    assert 2 * int(values["alike"]) / int(values["letters"]) == pytest.approx(
        SequenceMatcher(None, "attenton", "attention").ratio()
    )
    assert values["ratio"] == "0.941"
