"""The detective's page: which case a learner gets, what is measured of a model, what an answer is worth, the page itself."""

from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

import transformer.checkpoint
import transformer.corpora
from pages.detective import cases, evidence, measures, verdict
from tests import apps
from tests.apps import html
from tests.small_models import untrained
from transformer.checkpoint import FOLDERS, read_card
from transformer.tokenizer import Tokenizer
from transformer.what_if import MISSING
from ui import text
from ui.changed import broken
from ui.changed.broken import HEADS, NOTHING
from ui.session import state
from ui.show import sums

pytestmark = pytest.mark.filterwarnings("default")
PAGE = "pages/230_detective.py"
SHIPPED = FOLDERS[0] / "broken"
PARTS = [*MISSING, HEADS, NOTHING]
app = partial(apps.app, PAGE)


def save(folder: Path, tokenizer: Tokenizer, part: str) -> None:
    """An untrained model that lacks a part."""
    model = untrained(tokenizer, heads=1 if part == HEADS else 5, encoder_layers=2, decoder_layers=1)
    transformer.checkpoint.save(folder, model, tokenizer, {"without": part} if part in MISSING else {})


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    """A shelf with a model of each kind, the broken ones one folder deeper."""
    shelf = tmp_path_factory.mktemp("shelf")
    save(shelf / "plain", tokenizer, NOTHING)
    for letter, part in zip("abcdefg", PARTS, strict=True):
        save(shelf / "broken" / letter, tokenizer, part)
    return shelf


def origin_of(shelf: Path, part: str) -> state.Origin:
    return state.origin(shelf / "broken" / "abcdefg"[PARTS.index(part)])


def test_broken_models_are_found_by_what_they_lack_and_stand_in_no_menu(folders: Path) -> None:
    found = broken.shelf()
    assert sorted(found) == sorted(PARTS)
    assert {part: each.folder.name for part, each in found.items()} == dict(zip(PARTS, "abcdefg", strict=True))
    assert list(state.usable()) == ["plain"]
    assert set(cases.suspects()) == set(PARTS)


@pytest.mark.parametrize("seed", [1, 2, 57])
def test_a_learner_meets_every_model_once_before_any_twice(seed: int) -> None:
    names = sorted(PARTS)
    order = [cases.drawn(seed, number, names) for number in range(1, 22)]
    assert set(Counter(order).values()) == {3}
    assert all(sorted(order[first : first + 7]) == names for first in (0, 7, 14))


def test_another_number_gets_another_order() -> None:
    orders = {tuple(cases.drawn(seed, number, sorted(PARTS)) for number in range(1, 8)) for seed in range(1, 31)}
    assert len(orders) > 25


def test_the_sentences_are_held_out() -> None:
    corpus = transformer.corpora.open_corpus("grammar-en-fr")
    held_out = {(pair.source, pair.target) for pair in corpus.split("test")}
    assert len(evidence.sentences()) >= 15
    assert set(evidence.sentences()) <= held_out


def test_what_is_measured_tells_the_untrained_models_apart(shelf: Path) -> None:
    found = {part: measures.measured(origin_of(shelf, part)) for part in PARTS}
    assert found["positions"].moved < 1e-5
    assert all(found[part].moved > 1e-3 for part in PARTS if part != "positions")
    assert found["mask"].future > 0.2
    assert all(found[part].future == 0 for part in PARTS if part != "mask")
    assert found[HEADS].heads == 1
    assert found["scaling"].spread["encoder"] == pytest.approx(
        2 * found[NOTHING].spread["encoder"], rel=0.35
    )  # sqrt(4)
    assert found["norm"].uneven > 2 * found[NOTHING].uneven
    assert found["norm"].sizes[-1] > found[NOTHING].sizes[-1]


def test_the_measurements_against_a_pass_made_here(shelf: Path) -> None:
    where = origin_of(shelf, "mask")
    found, pairs, model = measures.measured(where), evidence.sentences(), state.opened(where).model
    encode, losses, later = state.opened(where).tokenizer.encode, [], []
    with torch.inference_mode():
        for english, french in pairs:
            target = [*encode(french), 2]
            trace = model(torch.tensor([[*encode(english), 2]]), torch.tensor([[1, *target[:-1]]]))
            logs = trace.logits[0].log_softmax(-1)
            losses += [-float(logs[place, id]) for place, id in enumerate(target)]
            weights = trace.decoder.layers[0].self_attention.weights[0]
            later.append(float(torch.stack([row.triu(1).sum(1)[:-1] for row in weights]).mean()))
    assert found.loss == pytest.approx(np.mean(losses), abs=1e-4)
    assert found.future == pytest.approx(np.mean(later), abs=1e-4)
    said = evidence.translated(where, pairs)
    assert found.right == sum(each.french == each.right for each in said)


def test_every_suspect_has_its_hints_its_sign_and_its_reason(folders: Path) -> None:
    sections = text.lesson("230_detective").sections
    found = broken.shelf()
    for part in PARTS:
        assert len(sections[f"Hint {part}"].splitlines()) == 3
        case = cases.Case(seed=1, number=1, lacks=part, model=found[part], intact=found[NOTHING])
        names = verdict.values(case)
        for kind in ("Sign", "Why"):
            for name in [piece.partition("]]")[0] for piece in sections[f"{kind} {part}"].split("[[")[1:]]:
                assert name in names, (kind, part, name)
    names = verdict.no_values()
    for kind in ("Numbers", "Formula"):
        for name in [piece.partition("]]")[0] for piece in sections[kind].split("[[")[1:]]:
            assert name in names


def said(test: AppTest) -> str:
    return " ".join([*html(test), *(each.value for each in test.markdown)])


@pytest.mark.parametrize("exhibit", ["loss", "words", "maps", "numbers"])
def test_every_exhibit_of_every_case(folders: Path, exhibit: str) -> None:
    for number in range(1, 8):
        test = app(dt_case=str(number), dt_look=exhibit, kind="decoder", head="3")
        assert not test.exception, number


def test_the_first_line_has_this_model_s_numbers_and_it_says_what_plays_no_part(folders: Path) -> None:
    lacking = cases.drawn(4, 2, sorted(PARTS))
    found = measures.measured(broken.shelf()[lacking])
    test = app(dt_seed="4", dt_case="2", text="I see the dog.")
    [first] = [each for each in html(test) if 'class="atlas-seen"' in each]
    assert f"Case <b>2</b>: <b>{found.right}</b> of <b>{found.count}</b> sentences right" in first
    assert f"loss <b>{sums.number(found.loss, 2)}</b>" in first
    assert any("what the sidebar holds plays no part" in each.value for each in test.caption)


def test_a_right_answer_a_wrong_one_hints_and_the_next_case(folders: Path) -> None:
    lacking = cases.drawn(4, 2, sorted(PARTS))
    wrong = next(part for part in PARTS if part != lacking)
    test = app(dt_seed="4", dt_case="2", dt_look="numbers")
    assert "Case <b>2</b>" in said(test)
    test.button(key=f"dt_say_{wrong}").click().run()
    assert "Not this" in said(test)
    test.button(key="dt_hint").click().run()
    assert test.session_state["dt_hints"] == 1
    test.button(key=f"dt_say_{lacking}").click().run()
    assert not test.exception
    assert "Right" in said(test)
    assert test.session_state["_dt_log"] == {(4, 2): (2, 1, True)}
    test.button(key="dt_next").click().run()
    assert "Case <b>3</b>" in said(test)
    assert test.session_state["dt_said"] == ""
    test.button(key="dt_say_show").click().run()
    assert "It was" in said(test)
    assert test.session_state["_dt_log"][4, 3][2] is False
    test.number_input(key="dt_seed").set_value(5).run()
    assert test.session_state["dt_said"] == ""


@pytest.mark.parametrize("asked", [
    {"dt_case": "0"}, {"dt_case": "999999"}, {"dt_case": "x"}, {"dt_seed": "-4"}, {"dt_seed": "x"}, {"dt_look": "zzz"},
    {"dt_hints": "77"}, {"dt_hints": "x"}, {"dt_said": "nobody"}, {"dt_sentence": "99", "dt_look": "maps"},
], ids=str)  # fmt: skip
def test_an_absurd_address(folders: Path, asked: dict[str, str]) -> None:
    assert not app(**asked).exception


def test_without_an_intact_model_it_says_how_to_make_one(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (shelf / "broken",))
    test = app()
    assert not test.exception
    assert "--without positions" in test.code[0].value


@pytest.mark.skipif(not SHIPPED.is_dir(), reason="the broken models are not here")
def test_the_shipped_models_show_their_signs() -> None:
    """Of each the sign that the page tells must really be there."""
    folders = sorted(card.parent for card in SHIPPED.glob("*/card.json"))
    found = {
        broken.lacks(transformer.checkpoint.load(folder)): measures.measured(state.origin(folder)) for folder in folders
    }
    intact = found[NOTHING]
    assert sorted(found) == sorted(PARTS)
    assert intact.right >= 0.9 * intact.count
    assert found["positions"].moved < 1e-5
    assert found["mask"].future > 0.5
    assert found["mask"].loss < intact.loss
    assert found["mask"].right == found["residual"].right == 0
    assert found["residual"].alike > intact.alike + 0.5
    assert found["norm"].uneven > 5 * intact.uneven
    assert found[HEADS].heads == 1
    assert found["scaling"].entropy["encoder"] != intact.entropy["encoder"]
    folder_of = {broken.lacks(transformer.checkpoint.load(folder)): folder for folder in folders}
    assert (
        evidence.curve(state.origin(folder_of["norm"]))[1][0]
        > 1.5 * evidence.curve(state.origin(folder_of[NOTHING]))[1][0]
    )
    assert sum(file.stat().st_size for file in SHIPPED.rglob("*")) < 5_000_000
    assert "/" not in "".join(
        str(read_card(folder)["training"]["commands"]).replace("runs/broken/", "") for folder in folders
    )
