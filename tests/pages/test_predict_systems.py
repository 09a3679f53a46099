"""Questions about memory, pictures, reviews and words: each answer from the numbers that are given, or from the model itself."""

import math
import random

import numpy as np
import pytest
import torch

from pages.predict.facts import Facts
from pages.predict.kinds import KINDS, TOPICS, meaning, remembered
from systems import shelf
from systems.reviews import corpus as reviews
from systems.scenes.scene import SIDE, read
from systems.stories.corpus import Story
from tests import ROOT
from ui.asking.question import Question
from ui.frame import Session
from ui.session import systems

pytestmark = [pytest.mark.filterwarnings("default")]
SEEDS = range(6)


def every(session: Session, kind: str) -> list[Question]:
    """What a kind asks of six learners."""
    found = [KINDS[kind](Facts(session=session, dice=random.Random(f"{seed}/{kind}"))) for seed in SEEDS]
    asked = [each for each in found if each]
    assert asked, kind
    return asked


def given(each: Question) -> np.ndarray:
    """The numbers as they can be read on the screen."""
    return np.round(each.given.values, 3)


def story(each: Question) -> Story:
    """The story that a question is about."""
    lines = each.there["mem_story"].split("\n")
    return next(one for one in remembered.told() if [*one.lines] == lines and one.question == each.there["mem_ask"])


def test_there_are_ten_kinds_at_least_and_each_leads_to_a_page(session: Session) -> None:
    assert len(TOPICS["systems"]) >= 10
    for make in TOPICS["systems"]:
        for each in every(session, make.__name__):
            assert each.kind == make.__name__
            assert (ROOT / "pages" / f"{each.page}.py").is_file()
            assert each.there


def test_what_a_pocket_calculator_finds(session: Session) -> None:
    for each in every(session, "matches"):
        u, m, products = given(each)
        assert (u * m)[:3].sum() + products[3] == pytest.approx(each.right, abs=each.tolerance)
    for each in every(session, "recalls"):
        powers = np.exp(given(each)[0])
        assert (powers / powers.sum()).max() == pytest.approx(each.right, abs=each.tolerance)
        assert each.given.values[1].sum() == pytest.approx(1, abs=1e-5)
    for each in every(session, "pulls"):
        key, query, v, _ = given(each)[:, 0]
        assert v * math.tanh(key + query) == pytest.approx(each.right, abs=each.tolerance)
    for each in every(session, "close"):
        dot, one, other, _ = given(each)[:, 0]
        assert dot / (one * other) == pytest.approx(each.right, abs=each.tolerance)
    for each in every(session, "rows"):
        side, patch, _, _ = given(each)[:, 0]
        assert each.right == (side / patch) ** 2
    assert {each.given.values[0, 0] for each in every(session, "rows")} <= {SIDE, 224, 384}
    for each in every(session, "parts"):
        word = each.there["wv_unknown"]
        assert each.right == sum(len(word) + 2 - size + 1 for size in (3, 4, 5, 6)) - (len(word) + 2 in (3, 4, 5, 6))
        assert each.right == each.given.values.sum()


def test_where_the_second_hop_looks_is_where_the_network_looks(session: Session) -> None:
    model = shelf.load("stories-memory").model
    for each in every(session, "hops"):
        one = story(each)
        batch = model.read([[remembered.words(line) for line in one.lines]], [remembered.words(one.question)])
        trace = model(batch.story, batch.ages, batch.question)
        assert each.answer == one.lines[int(trace.hops[1].weights[0].argmax())]


def test_a_fact_taken_away_is_read_without_it(session: Session) -> None:
    model = shelf.load("stories-memory").model
    for each in every(session, "forgets"):
        one, gone = story(each), int(each.there["mem_out"])
        left = [line for place, line in enumerate(one.lines) if place != gone]
        assert (
            each.answer
            == model.answered(
                [Story(**{**{name: getattr(one, name) for name in one.__slots__}, "lines": tuple(left)})]
            )[0]
        )


def test_the_sentence_that_decides_is_the_one_with_the_largest_share(session: Session) -> None:
    model = shelf.load("reviews-hierarchical").model
    for each in every(session, "decides"):
        lines = reviews.sentences(each.there["hat_review"])
        weights = model(model.read([[reviews.words(line) for line in lines]])).sentences.weights[0]
        assert each.answer == lines[int(weights.argmax())]


def test_a_look_falls_on_one_of_the_two_shapes(session: Session) -> None:
    for each in every(session, "glances"):
        shares = each.given.values[0]
        names = [shape.told for shape in read(each.there["scene"])]
        assert each.answer == names[int(shares.argmax())]
        assert 0.5 <= shares.max() <= 1 + 1e-6


def test_neighbours_and_blanks_are_the_models_own(session: Session) -> None:
    skip_gram, bert = shelf.load("skip-gram-tatoeba").model, shelf.load("bert-tatoeba").model
    rows = torch.nn.functional.normalize(skip_gram.inputs())
    for each in every(session, "nearest"):
        own = rows[skip_gram.places[each.there["wv_word"]]]
        assert each.answer == max(each.options, key=lambda word: float(own @ rows[skip_gram.places[word]]))
    for each in every(session, "blank"):
        ids = bert.read(each.there["mw_text"].replace("___", "<mask>"))
        chances = meaning.filled(bert, each.there["mw_text"])
        assert len(chances) == len(bert.words)
        assert len(ids) > 3
        assert each.answer == max(each.options, key=lambda word: chances[bert.places[word]])
    for each in every(session, "both"):
        assert each.right == each.given.values[0].argmax()


def test_without_systems_nothing_is_asked_about_them(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(systems, "models", lambda _kinds: {})
    for make in TOPICS["systems"]:
        assert make(Facts(session=session, dice=random.Random(1))) is None
