"""Predict, then reveal: who gets which question, what an answer is worth, the page and the file of a session."""

import csv
import io
import itertools
import re

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from pages.predict import deal, record
from pages.predict.kinds import KINDS, TOPICS
from pages.predict.question import Question
from tests.apps import SEEN, SEEN_FRENCH, app, html, trouble, unfold
from ui import frame, text
from ui.frame import Session

pytestmark = [
    pytest.mark.usefixtures("forgotten"),
    pytest.mark.filterwarnings("default"),  # streamlit warns about itself under AppTest
]
PAGE = "pages/260_predict.py"


@pytest.mark.parametrize("seed", [1, 2, 99])
def test_a_learner_meets_every_kind_once_before_any_twice(seed: int) -> None:
    assert sorted(deal.order(seed, deal.ALL, 0)) == sorted(KINDS)
    assert deal.order(seed, deal.ALL, 0) != deal.order(seed, deal.ALL, 1)
    assert sorted(deal.order(seed, "decoder", 0)) == sorted(make.__name__ for make in TOPICS["decoder"])


@pytest.mark.parametrize("about", [deal.ALL, "attention", "learning"])
def test_no_kind_comes_twice_before_every_other_came_once_and_none_twice_in_a_row(session: Session, about: str) -> None:
    """Whatever the sentence and the model permit, such as no `half` without a history."""
    possible = {kind for kind in deal.order(1, about, 0) if deal.permitted(session, kind)}
    assert "half" not in possible
    asked = [now(session, number, about).kind for number in range(1, 3 * len(possible) + 1)]
    for first in range(0, len(asked), len(possible)):
        assert set(asked[first : first + len(possible)]) == possible
    assert all(one != other for one, other in itertools.pairwise(asked))


def test_every_learner_gets_other_questions_and_the_same_again(session: Session) -> None:
    told = {
        seed: [deal.dealt(session, seed, number, deal.ALL).asked.plain for number in range(1, 6)]
        for seed in range(1, 9)
    }
    assert len({tuple(each) for each in told.values()}) == 8
    assert told[3] == [deal.dealt(session, 3, number, deal.ALL).asked.plain for number in range(1, 6)]


def test_what_cannot_be_asked_is_passed_over(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in KINDS:
        if kind != "shape":
            monkeypatch.setitem(KINDS, kind, lambda _facts: None)
    assert deal.dealt(session, 1, 1, "output").kind == "shape"


def test_sentences_by_number_are_held_out_and_differ(session: Session) -> None:
    bank = deal.bank(session.origin)
    assert len(bank) >= deal.FEW
    full = Session(name="", lesson=text.lesson("260_predict"), **vars(session))
    texts = [deal.with_dealt(full, seed, 0).walk.source_text for seed in range(1, 13)]
    assert len(set(texts)) > 3
    assert set(texts) <= set(bank)
    assert (
        deal.with_dealt(full, 1, 1).walk.source_text != texts[0]
        or deal.with_dealt(full, 2, 1).walk.source_text != texts[1]
    )


def said(test: AppTest) -> str:
    """What the page says."""
    return re.sub("<[^>]+>", "", " ".join([*html(test), *(each.value for each in test.markdown)]))


def start(**more: str) -> AppTest:
    test = app(PAGE, text=SEEN, target="mine", french=SEEN_FRENCH, **more)
    assert trouble(test) == []
    return test


def now(session: Session, number: int = 1, about: str = deal.ALL, seed: int = 1) -> Question:
    return deal.dealt(session, seed, number, about)


def place_of(session: Session, about: str, number: bool) -> int:
    """The first question of a topic that wants a number, or a choice."""
    return next(count for count in range(1, 30) if bool(now(session, count, about).options) != number)


def test_a_number_that_is_near_counts_and_is_explained(session: Session) -> None:
    place = place_of(session, "attention", number=True)
    here = now(session, place, "attention")
    test = start(pr_about="attention", pr_number=str(place))
    assert here.asked.plain in said(test)
    assert here.why.plain not in said(test)
    for typed, complaint in (("", "Write a number"), ("<b>many</b>", "is not a number")):
        field(test).set_value(typed)
        submit(test)
        assert complaint in test.warning[0].value
    field(test).set_value(here.answer.replace(".", ","))
    submit(test)
    assert "✓ Right" in said(test)
    assert here.why.plain in said(test)
    assert test.session_state["pr_said"]
    (line,) = record_of(test)
    assert line.right
    assert line.asked == here.asked.plain


def field(test: AppTest) -> TextInput:
    return next(each for each in test.text_input if str(each.key).startswith("pr_typed"))


def submit(test: AppTest) -> None:
    next(each for each in test.button if each.label == "Check").click().run()
    assert trouble(test) == []


def record_of(test: AppTest) -> list[record.Line]:
    return list(test.session_state[record.RECORD].values())


def test_a_wrong_choice_is_told_and_the_first_answer_counts(session: Session) -> None:
    place = place_of(session, "output", number=False)
    here = now(session, place, "output")
    test = start(pr_about="output", pr_number=str(place))
    submit(test)
    assert "Choose one" in test.warning[0].value
    wrong = next(each for each in range(len(here.options)) if each != here.right)
    next(each for each in test.segmented_control if str(each.key).startswith("pr_typed")).set_value(str(wrong + 1))
    submit(test)
    assert f"✗ You said {here.options[wrong]}. It is {here.answer}." in said(test)
    test.button(key="pr_next").click().run()
    assert test.session_state["pr_said"] == ""
    test.button(key="pr_show").click().run()
    test.button(key="pr_back").click().run()
    test.button(key="pr_show").click().run()
    assert [(line.said, line.right) for line in record_of(test)] == [(here.options[wrong], False), ("", False)]
    assert "0 of 2 right" in said(test)


def test_a_link_shows_the_same_question_and_what_was_answered(session: Session) -> None:
    for place in (1, 7, 40):
        here = now(session, place, seed=5)
        asked_of = {"pr_number": str(place), "pr_seed": "5"}
        assert here.asked.plain in said(start(**asked_of))
        assert "It is" in said(start(**asked_of, pr_said="show"))
        right = str(int(here.right) + 1) if here.options else here.answer
        assert "✓ Right" in said(start(**asked_of, pr_said=right))


@pytest.mark.parametrize("wanted", [
    {"pr_number": "0"}, {"pr_number": "x"}, {"pr_number": "99999"}, {"pr_seed": "-1"}, {"pr_seed": "x"}, {"pr_about": "?"}, {"pr_from": "?"},
    {"pr_said": "99"}, {"pr_said": "<script>"}, {"pr_said": "9" * 300}, {"pr_from": "dealt", "pr_number": "500", "pr_seed": "999"},
], ids=str)  # fmt: skip
def test_an_absurd_address(wanted: dict[str, str]) -> None:
    assert trouble(start(**wanted)) == []


def test_a_sentence_by_number_is_shown_and_other_topics_begin_anew(session: Session) -> None:
    test = start(pr_from="dealt", pr_seed="3")
    first = test.session_state["_scope"]
    assert first != " ".join((*session.walk.source, "→", *session.walk.written))
    test.number_input(key="pr_seed").set_value(4).run()
    assert test.session_state["_scope"] != first
    test.button(key="pr_next").click().run()
    assert test.session_state["pr_number"] == 2
    test.selectbox(key="pick_pr_about").set_value("input").run()
    assert test.session_state["pr_number"] == 1
    assert trouble(test) == []


def test_the_first_line_is_the_question_and_a_sentence_by_number_is_said_to_be_another(session: Session) -> None:
    here = now(session, 2)
    test = start(pr_number="2")
    [first] = [text for text in html(test) if 'class="atlas-seen"' in text]
    assert here.asked.html in first
    assert "not the one in the sidebar" not in said(test)
    dealt = start(pr_from="dealt", pr_seed="3")
    assert "your number 3, not the one in the sidebar" in said(dealt)


def test_numbers_name_the_answers_that_there_are(session: Session) -> None:
    place = place_of(session, "output", number=False)
    test = unfold(start(pr_about="output", pr_number=str(place)), "numbers")
    told = said(test).replace("\\", "")
    assert "Its answer is one of these: " in told
    assert all(option in told for option in now(session, place, "output").options)


def test_it_says_how_long_the_session_is_kept() -> None:
    test = start(pr_number="2")
    test.button(key="pr_show").click().run()
    test.session_state["pr_session"] = True
    assert any("closed or loaded anew" in each.value for each in test.run().caption)


def test_the_session_can_be_taken_away_and_harms_no_spreadsheet() -> None:
    line = record.Line(
        seed=3, number=2, page="50_one_head", model="m", sentence="=HYPERLINK(1)", asked="How, “much”?", said="-0.5", answer="−0.5", right=True
    )  # fmt: skip
    columns, cells = record.sheet([line], "@SUM(A1)")
    from ui.show.tables import csv_text

    told = list(csv.reader(io.StringIO(csv_text(columns, cells))))
    assert len(told[0]) == len(told[1]) == len(columns)
    assert told[1][0] == "'@SUM(A1)"
    assert "'=HYPERLINK(1)" in told[1]
    assert "-0.5" in told[1]
    assert told[1][-1] == "1"
    assert not any(cell.startswith(("=", "+", "@")) for cell in told[1])


def test_a_link_comes_before_what_was_chosen_earlier() -> None:
    test = app("pages/60_many_heads.py", text=SEEN, layer="1", head="2")
    assert test.session_state["head"] == "2"
    test.query_params["to_view"], test.query_params["head"] = "1", "4"
    test.run()
    assert test.session_state["head"] == "4"
    assert "to_view" not in test.query_params


def test_every_page_leads_to_questions_about_it(session: Session) -> None:
    asked = [page for page in frame.pages() if page != "260_predict" and int(page.partition("_")[0]) < 600]
    assert {frame.topic_of(page) for page in asked} == set(TOPICS)
    assert frame.topic_of("90_cross_attention") == "attention"
    assert frame.topic_of("home") == frame.topic_of("260_predict") == ""
