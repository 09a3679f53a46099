"""Sampling: what is drawn is what all pages show, a seed draws it again, and a hundred draws are counted truly."""

import json
import math
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from figures.labels import label
from pages.output_and_search import draws
from tests import apps
from tests.apps import app, sent, trouble
from transformer.decoding.sampling import Cuts, sample
from transformer.decoding.search import best
from ui.controls import cuts
from ui.session import state

PAGE = "pages/100_output_and_search.py"
SENTENCE = "I see the dog."
SAMPLED = {"search": "sample", "seed": "7", "temperature": "0.7", "top_k": "9", "top_p": "0.8"}
CUTS = Cuts(temperature=0.7, top_k=9, top_p=0.8)
page = partial(app, PAGE, text=SENTENCE)
pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest


def french(test: AppTest) -> list[str]:
    """The pieces on the chips of the translation."""
    assert trouble(test) == []
    return [chip["spoken"] for chip in next(each for each in sent(test) if "source" in each)["target"]]


def drawn_ids(seed: int, how: Cuts = CUTS, text: str = SENTENCE) -> tuple[int, ...]:
    """What the first model of the app draws."""
    checkpoint = state.opened(next(iter(state.usable().values())))
    source, most = checkpoint.tokenizer.encode(text), state.MOST_TARGET
    return best(sample(checkpoint.model, source, most, how, seed)).ids


def spelled(ids: tuple[int, ...]) -> list[str]:
    """As the chips show it: the start piece, then the pieces."""
    tokenizer = state.opened(next(iter(state.usable().values()))).tokenizer
    return ["<s>", *map(label, tokenizer.spelled(ids))]


@pytest.mark.parametrize(
    "where", ["pages/90_cross_attention.py", "pages/60_many_heads.py", PAGE, "pages/70_the_stack.py"]
)
def test_what_is_drawn_is_what_every_page_shows(folders: Path, where: str) -> None:
    chips = french(app(where, text=SENTENCE, **SAMPLED))
    assert chips == spelled(drawn_ids(7))


def test_again_draws_with_the_next_seed_and_a_link_draws_the_same(folders: Path) -> None:
    test = page(**SAMPLED)
    before = french(test)
    test.button(key="draw_again").click().run()
    assert test.number_input(key="seed").value == 8
    assert french(test) == spelled(drawn_ids(8))
    assert french(page(**SAMPLED)) == before
    test.slider(key="temperature").set_value(2.0).run()
    assert french(test) == spelled(drawn_ids(8, Cuts(temperature=2.0, top_k=9, top_p=0.8))), (
        "the cuts change what is written"
    )


def test_the_last_seed_is_followed_by_the_first(folders: Path) -> None:
    test = page(search="sample", seed=str(cuts.MOST))
    test.button(key="draw_again").click().run()
    assert test.number_input(key="seed").value == 1


@pytest.mark.parametrize("asked", [
    {"seed": "x"}, {"seed": "0"}, {"seed": "inf"}, {"seed": "9" * 400}, {"seed": "-3"}, {"drawn_from": "x"}, {"drawn_from": "0"},
    {"drawn_from": "99999"}, {"top_k": "99"}, {"top_p": "0"}, {"temperature": "nan"},
], ids=str)  # fmt: skip
def test_absurd_addresses(folders: Path, asked: dict[str, str]) -> None:
    for way in ("sample", "beam"):
        assert french(page(**({"output": "draws", "search": way} | asked)))


@pytest.mark.parametrize("way", ["sample", "beam"])
def test_the_cuts_have_one_place(folders: Path, way: str) -> None:
    """In the sidebar while lots are drawn, else above the picture; what was chosen goes with them."""
    test = page(search=way, temperature="1.5")
    assert [each.key for each in test.slider].count("temperature") == 1
    assert ("seed" in [each.key for each in test.number_input]) is (way == "sample")
    test.segmented_control(key="pick_search").set_value("beam" if way == "sample" else "sample").run()
    assert trouble(test) == []
    assert test.slider(key="temperature").value == 1.5


def test_a_hundred_draws_are_counted(folders: Path) -> None:
    test = page(output="draws", temperature="0.7", top_k="9", top_p="0.8")
    assert "Press Draw" in " ".join(each.value for each in test.info)
    test.button(key="draw_many").click().run()
    assert trouble(test) == []
    counts = Counter(drawn_ids(seed) for seed in range(1, draws.COUNT + 1))
    figure = next(each for each in sent(test) if each.get("name") == "lottery")["steps"][0]["figure"]
    bars = json.loads(figure)["data"][0]["x"]
    assert sum(bars) == draws.COUNT
    assert bars[0] == max(counts.values())
    assert f"wrote <b>{len(counts)}</b> different" in apps.seen(test)
    test.button(key="draw_many").click().run()
    assert test.session_state["drawn_from"] == 101


def test_every_row_says_what_a_plain_count_says(folders: Path) -> None:
    origin = next(iter(state.usable().values()))
    checkpoint = state.opened(origin)
    session = apps.session_of(checkpoint, origin=origin)
    how = Cuts(temperature=0.8, top_p=0.9)
    many = draws.sample_many(checkpoint.model, session.walk.source_ids[:-1], range(1, 101), 12, how)
    found = draws.lottery(session, how, many, 1)
    assert [len(each.seeds) for each in found.each] == sorted((len(each.seeds) for each in found.each), reverse=True)
    assert sum(len(each.seeds) for each in found.each) == 100
    assert found.beam.ids == state.translation(origin, session.walk.source_text, state.Search(4))
    assert found.beam in found.rows
    assert len({each.text for each in found.each}) == len(found.each), "two that read the same are told apart"
    for each in found.each[:5]:
        log_p, log_chance = draws.weighed(origin, session.walk.source_text, each.ids, how)
        assert each.log_probability == pytest.approx(log_p, abs=1e-3)
        assert each.chance == pytest.approx(math.exp(log_chance), abs=1e-4)
    lines = draws.rows(found)
    assert sum(row.count for row in lines) == 100
    assert sum("★" in row.sign for row in lines) == 1


def test_a_click_on_a_row_takes_it_and_a_button_leads_back(folders: Path) -> None:
    test = page(output="draws", search="sample", seed="3", drawn_from="1")
    assert trouble(test) == []
    before = french(page())
    test.button(key="back_to_beam").click().run()
    assert test.session_state["search"] == "beam"
    assert french(test) == before
    test.button(key="draw_one").click().run()
    assert test.session_state["search"] == "sample"
    assert french(test) == spelled(drawn_ids(4, Cuts()))


@pytest.mark.parametrize("sentence", ["😀", "<b>hi</b>", "a"], ids=ascii)
def test_awkward_sentences_can_be_drawn(folders: Path, sentence: str) -> None:
    test = page(output="draws", text=sentence, drawn_from="1", top_k="3", search="sample")
    assert trouble(test) == []
    assert "<b>hi</b> <" not in apps.said(test)
