"""The page of grammar probes, without a browser: its controls, its address, and what it says."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

import transformer.checkpoint
from figures.changed import probes
from pages.grammar_probes import asked, heads, lines, pair, readings, survey, testimonies, words
from tests.apps import app, html, trouble, written
from tests.pages.drawings import drawings
from tests.small_models import small_checkpoint
from transformer.analysis import probe_survey
from transformer.analysis.probe_pairs import own_pair, slots
from transformer.corpora import Pair
from transformer.corpora.grammar_en_fr import PHENOMENA, minimal_pairs
from transformer.tokenizer import Tokenizer
from transformer.what_if import Head, every_head
from ui.changed import measure

pytestmark = [pytest.mark.usefixtures("forgotten"), pytest.mark.filterwarnings("default")]
PAGE = "pages/240_grammar_probes.py"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    shelf = tmp_path_factory.mktemp("runs")
    small_checkpoint(shelf / "a_first", tokenizer, decoder_layers=2, corpora=[{"name": "grammar-en-fr"}])
    small_checkpoint(shelf / "b_other", tokenizer, decoder_layers=1, corpora=[{"name": "mine"}])
    return shelf


def probing(**address: str) -> AppTest:
    test = app(PAGE, text="I see the dog.", search="greedy", **address)
    assert trouble(test) == []
    return test


def plots(test: AppTest) -> list[str]:
    return [each.proto.id for each in test.get("bidi_component") if "gp_" in each.proto.id]


def test_every_phenomenon_has_plain_words() -> None:
    names = words.phenomena()
    assert {name.replace("_", " ") for name in names} == {*PHENOMENA, words.OWN}
    assert all(told.endswith(".") or told.endswith("?") for _name, told in names.values())


@pytest.mark.parametrize("phenomenon", [name.replace(" ", "_") for name in PHENOMENA])
def test_every_phenomenon_is_shown(phenomenon: str) -> None:
    test = probing(gp_what=phenomenon)
    cards = next(said for said in html(test) if "gp-card" in said)
    assert cards.count("<section") == 2
    assert cards.count("gp-chances") == 2
    assert plots(test)


@pytest.mark.parametrize("view", ["differ", "matter", "heads"])
def test_every_picture_and_its_link(view: str) -> None:
    test = probing(
        gp_view=view, gp_guess="cross", gp_head="c2.3", gp_row="2", gp_column="1", gp_pair="3", depth="numbers"
    )
    assert test.segmented_control(key="pick_gp_view").value == view
    assert plots(test)
    assert any("pair 3 of" in said for said in html(test))
    if view == "heads":
        assert any("brings" in said and "of the way" in said for said in html(test))


def test_heads_are_shown_after_a_guess_only() -> None:
    test = probing(gp_view="heads")
    assert plots(test) == []
    test.segmented_control(key="pick_gp_guess").set_value("decoder").run()
    assert trouble(test) == []
    assert plots(test)
    assert any("Your guess was decoder self-attention" in each for each in written(test))


def test_stepping_through_pairs_and_back_to_the_beginning() -> None:
    test = probing(gp_what="possessive", gp_word="2")
    test.button(key="gp_back").click().run()
    assert any("pair 80 of 80" in said for said in html(test))
    test.button(key="gp_on").click().run()
    assert any("pair 1 of 80" in said for said in html(test))
    test.button(key="gp_reset").click().run()
    assert test.selectbox(key="pick_gp_what").value == asked.DEFAULT
    assert trouble(test) == []


@pytest.mark.parametrize("address", [
    {"gp_what": "zzz", "gp_pair": "999", "gp_view": "<b>"}, {"gp_head": "c99.9", "gp_view": "heads", "gp_guess": "x"},
    {"gp_word": "77", "gp_row": "999", "gp_column": "x"}, {"gp_all": "nonsense", "gp_view": "all"}, {"gp_pair": "-3", "gp_measure": "?"},
])  # fmt: skip
def test_absurd_addresses(address: dict[str, str]) -> None:
    probing(**address)


@pytest.mark.parametrize(("first", "second"), [
    ("", "I see the cow."), ("<b>hi</b>", "<i>hi</i>"), ("I see the dog.", "I see the dog."), ("dog " * 200, "dog"), ("😀", "{x} $y$"),
    ("나는 학생입니다.", "I see."), ("I see the dog.", "I see the cow and the very old black dog."),
])  # fmt: skip
@pytest.mark.parametrize("view", ["differ", "heads"])
def test_whatever_pair_is_typed_there_is_a_picture_or_a_sentence(first: str, second: str, view: str) -> None:
    test = probing(gp_what="own", gp_first=first, gp_second=second, gp_view=view, gp_guess="show")
    assert plots(test) or test.info
    assert not any("<b>hi" in said for said in html(test))


def test_a_model_of_another_corpus_is_said_to_be_one() -> None:
    told = "not trained on the corpus"
    assert any(told in each.value for each in probing(checkpoint="b_other").info)
    assert not any(told in each.value for each in probing(checkpoint="a_first").info)


def measured(test: AppTest) -> AppTest:
    """The same page when all slices of the measurement are through."""
    for _slice in range(200):
        if plots(test):
            return test
        assert [each.key for each in test.button if each.key == "gp_all_stop"], "it can be stopped"
        test.run()
    raise AssertionError("it never ends")


def test_all_held_out_pairs_are_measured_on_demand_and_the_guess_is_judged() -> None:
    test = probing(gp_what="negation", gp_view="all")
    assert plots(test) == []
    button = test.button(key="gp_all_measure")
    count = int(button.label.split()[1])
    assert 0 < count < 80
    test.segmented_control(key="pick_gp_score").set_value("75").run()
    test = measured(test.button(key="gp_all_measure").click().run())
    assert trouble(test) == []
    assert any(f"of {2 * count} sentences" in said and f"of {count} pairs" in said for said in html(test))
    assert any("You guessed about 75" in said for said in html(test))
    [first] = [said for said in html(test) if 'class="atlas-seen"' in said]
    assert f"of <b>{2 * count}</b> sentences" in first


def test_the_measurement_of_all_pairs_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "SLICE", 0.0)
    test = probing(gp_what="negation", gp_view="all", gp_all="negation")
    test.button(key="gp_all_stop").click().run()
    assert trouble(test) == []
    assert test.session_state["gp_all"] == ""
    assert test.button(key="gp_all_measure")


@pytest.mark.parametrize(("guess", "share", "right"), [("50", 0.55, True), ("75", 0.9, False), ("100", 0.98, True)])
def test_what_a_guess_of_the_score_is_worth(guess: str, share: float, right: bool) -> None:
    assert survey.answer(guess, share).startswith("✓" if right else "✗")


def test_an_own_pair_begins_with_two_sentences_that_belong_together() -> None:
    test = probing(gp_what="own")
    first, second = (test.text_input(key=f"gp_{which}").value.split() for which in ("first", "second"))
    assert sum(one != other for one, other in zip(first, second, strict=True)) == 1


def test_the_verdict_on_the_guess_is_a_sentence_of_its_own() -> None:
    test = probing(gp_view="heads", gp_what="negation", gp_guess="decoder")
    [told] = [each.value for each in test.markdown if "Your guess was" in each.value]
    assert told.startswith(("✓", "✗"))
    assert told.endswith(".")
    assert told.count(".") == 1


def test_it_says_that_the_sidebar_s_sentence_plays_no_part() -> None:
    assert any("plays no part here" in each.value for each in probing().caption)


def test_the_cards_mark_the_word_and_escape_the_rest() -> None:
    assert pair.underlined("I saw <b>.", (1,)) == "I <u><b>saw</b></u> &lt;b&gt;."
    assert pair.percent(0.0) == "0.0 %"
    assert pair.percent(0.0004) == "< 0.1 %"
    assert pair.percent(0.973) == "97.3 %"


def test_the_grid_holds_every_number_at_its_piece_and_stage(shelf: Path, tokenizer: Tokenizer) -> None:
    """More layers in the encoder or in the decoder: each stage has its column, and no sentence the other's."""
    each = own_pair(Pair("I see the dog.", "Je vois le chien."), Pair("I see the cow.", "Je vois la vache."))
    origin = asked.state.origin(shelf / "a_first")
    found = readings.of(origin, ("test",), each, slots(each)[0])
    assert found is not None
    grid = lines.lines(found, logits=True)
    values = {stage: value.relative.double().numpy() for stage, value in readings.differences(found).items()}
    last = next(stage for stage in values if stage.sub == "logits")
    values[grid.columns[-1]] = values.pop(last)
    drawn = grid.values(values)
    twins = found.probe.twins
    assert drawn.shape == (len(twins.source) + len(twins.target) + 2, 1 + 3 * 2 + 1)
    total = sum(float(value.sum()) for value in values.values())
    assert drawn[torch.isfinite(torch.tensor(drawn)).numpy()].sum() == pytest.approx(total, rel=1e-5)
    assert grid.french[-1].endswith("→ ?")
    assert grid.at(0) is None
    assert grid.at(len(twins.source) + 1) is None


def test_codes_of_heads_are_read_back(shelf: Path) -> None:
    known = every_head(transformer.checkpoint.load(shelf / "a_first").model)
    assert all(words.head_of(words.code(head), known) == head for head in known)
    assert words.head_of("c9.9", known) is None
    assert words.code(Head("cross", 1, 0)) == "c2.1"


@pytest.mark.parametrize(
    ("right", "count", "above"), [(51, 102, False), (61, 102, False), (102, 102, True), (26, 26, True), (67, 102, True)]
)
def test_what_is_more_than_chance(right: int, count: int, above: bool) -> None:
    assert testimonies.above_chance(right, count) == above


def test_a_score_at_chance_says_so() -> None:
    none = np.zeros(2)
    poor = testimonies.Survey(51, (61, 10), 0.49, none, none, (), ())
    assert "61 of 102 sentences (60 %), in both of 10 of 51 pairs" in testimonies.score(poor)
    assert "That is chance" in testimonies.score(poor)
    assert "chance:" not in testimonies.score(testimonies.Survey(51, (102, 51), 0.9, none, none, (), ()))


@pytest.mark.parametrize(("shares", "nouns", "shown", "why"), [
    ({"changed": 0.9, "own": 0.0}, (0, 0), True, "changed"), ({"changed": 0.05, "own": 0.9}, (0, 0), False, "same in A and B"),
    ({"changed": 0.0, "right": 0.9, "wrong": 0.0}, (102, 102), True, "right noun"),
    ({"changed": 0.0, "right": 0.4, "wrong": 0.4}, (52, 102), False, "other words"),
])  # fmt: skip
def test_whether_a_map_would_have_told(shares: dict[str, float], nouns: tuple[int, int], shown: bool, why: str) -> None:
    told = probe_survey.Testimony(Head("encoder", 0, 0), 102, {"changed": 1.0}, shares, 0.1, nouns)  # type: ignore[arg-type]
    found = testimonies.map_says(told)
    assert found[0] == shown
    assert why in found[1]


def test_a_piece_without_a_partner_is_shown_where_a_head_looks(shelf: Path) -> None:
    pair = minimal_pairs("negation")[0]
    found = readings.of(asked.state.origin(shelf / "a_first"), ("alone",), pair, slots(pair)[0])
    assert found is not None
    [shown] = drawings(probes, "heads", partial(heads.inside, found, Head("cross", 0, 1), "light"))
    rows, values = shown["rows"], shown["values"]
    assert len(rows) > len(found.probe.twins.source)
    assert any("– | ·n't" in row for row in rows)
    assert np.nansum(values[:, 0]) == pytest.approx(1, abs=1e-5)
    assert np.nansum(values[:, 1]) == pytest.approx(1, abs=1e-5)
    [inside] = drawings(probes, "heads", partial(heads.inside, found, Head("encoder", 0, 0), "light"))
    assert inside["values"].shape == (len(rows), 3)
