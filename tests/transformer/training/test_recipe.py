"""A recipe: its learning rate, how much of a run is done, what it refuses; and which one suits what is to be learned."""

import argparse
import json
import math
import re
import shlex
from dataclasses import asdict, fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import ROOT
from tests.transformer.training.small_runs import recipe
from transformer.checkpoint import load
from transformer.commands import parser, train
from transformer.corpora import Pair, names, open_corpus
from transformer.tokenizer import Tokenizer
from transformer.training import presets
from transformer.training.estimates import Text, text_of
from transformer.training.evaluation import evaluate
from transformer.training.presets import preset, recipes_of, suited
from transformer.training.recipe import Recipe
from transformer.training.run import make_recipe, sentences_of

MAKEFILE = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", " ")


def test_the_learning_rate_warms_up_peaks_falls_and_cools_down_to_nothing() -> None:
    """Section 5.3, Eq. 3, but for the scale and the cool-down."""
    made = recipe(warm_up=101, peak_rate=0.7, cool_down=0.25)
    assert [made.learning_rate(step, 0) for step in (1, 50, 101, 404)] == pytest.approx(
        [0.7 / 101, 0.7 * 50 / 101, 0.7, 0.35]
    )
    for step in (101, 503, 997):
        paper = 128**-0.5 * min(step**-0.5, step * 101**-1.5)
        assert made.learning_rate(step, 0.5) == pytest.approx(paper * 0.7 / (128**-0.5 * 101**-0.5))
    assert made.learning_rate(1, 0.05) == pytest.approx(0.35), "a short run warms up in its first tenth"
    assert [made.learning_rate(101, share) for share in (0.75, 0.875, 1)] == pytest.approx([0.7, 0.35, 0])


def test_a_run_is_as_far_as_the_nearer_of_its_two_ends() -> None:
    made = recipe(minutes=2, epochs=10)
    assert made.share_done(seconds=119, epochs=2) == pytest.approx(1, abs=0.01)
    assert 0.45 < made.share_done(seconds=60, epochs=2) < 0.5
    assert made.share_done(seconds=12, epochs=5) == 0.5
    assert made.share_done(seconds=500, epochs=5) == 1
    assert recipe(minutes=None, epochs=4).share_done(seconds=1e9, epochs=1) == 0.25


def test_the_clock_says_nothing_in_a_run_that_is_well_within_its_minutes() -> None:
    """Or the same run would end elsewhere on a machine that starts more slowly."""
    made, alone = recipe(minutes=3, epochs=10), recipe(minutes=None, epochs=10)
    for seconds, epochs in ((0.1, 0.0), (5, 0.001), (20, 1.2), (60, 5.0), (130, 9.9)):
        assert made.share_done(seconds, epochs) == alone.share_done(seconds, epochs)


@pytest.mark.parametrize("field", ["minutes", "epochs", "peak_rate", "warm_up", "batch_tokens", "longest"])
@pytest.mark.parametrize("value", [0, -3])
def test_a_choice_that_must_be_above_zero_is_refused_by_name(field: str, value: int) -> None:
    with pytest.raises(ValueError, match=rf"^{field} .*{value}"):
        recipe(**{field: value})


def test_a_recipe_without_end_or_with_a_share_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="minutes or epochs"):
        recipe(minutes=None, epochs=None)
    with pytest.raises(ValueError, match=r"^cool_down .*1.5"):
        recipe(cool_down=1.5)


def never() -> Text:
    raise AssertionError("a corpus that brings its recipe need not be read")


def understood(line: str) -> argparse.Namespace:
    """What the command line understands."""
    return parser().parse_args(["train", *shlex.split(line)])


def made(line: str) -> Recipe:
    """The recipe that `train LINE` follows."""
    args = understood(line)
    return make_recipe({"corpus": args.corpus, **train.chosen(args), **train.given(args)})


def variable(name: str) -> str:
    """What the Makefile says."""
    return re.search(rf"^{name} := (.*)$", MAKEFILE, flags=re.MULTILINE)[1]  # type: ignore[index]


def table(folder: Path, count: int) -> Path:
    """A file of the first pairs of the grammar."""
    file = folder / f"{count}.tsv"
    pairs = open_corpus("grammar-en-fr").pairs[:count]
    file.write_text("".join(f"{pair.source}\t{pair.target}\n" for pair in pairs), encoding="utf-8")
    return file


def test_the_grammar_brings_the_recipe_of_its_shipped_model() -> None:
    card = json.loads((ROOT / "pretrained" / "grammar-en-fr" / "card.json").read_text("utf-8"))
    assert made(f"grammar-en-fr {variable('GRAMMAR_RECIPE')}") == make_recipe(card["training"]["recipe"])


def test_the_last_round_of_the_shipped_tatoeba_is_the_makefile_s() -> None:
    told = json.loads((ROOT / "pretrained" / "tatoeba-en-fr" / "card.json").read_text("utf-8"))["training"]["recipe"]
    line = f"tatoeba-en-fr --from tatoeba-en-fr {variable('TATOEBA_GPU')} {variable('TATOEBA_GPU_1')}"
    said = train.given(understood(line))
    varied = said.pop("variation")
    assert {name: told[name] for name in said} == said
    assert told["variation"] == asdict(make_recipe({**told, "variation": varied}).variation)


def test_two_hours_of_tatoeba_get_the_large_model() -> None:
    """The sizes and rates that `Recipe` has anyway."""
    line = "tatoeba-en-fr --minutes 120 --warm-up 1200 --cool-down 0.4 --also grammar-en-fr:4000 --swap-names 0.3"
    assert made(line) == make_recipe({"corpus": "tatoeba-en-fr", **train.given(understood(line))})
    short = made("tatoeba-en-fr --minutes 10")
    assert short.d_model < made(line).d_model
    assert short.pairs
    assert made("tatoeba-en-fr --minutes 60").pairs is None
    assert made("tatoeba-en-fr --epochs 3").d_model == made(line).d_model, "nobody said that there is little time"


def test_the_broken_models_leave_nothing_to_the_grammar_s_recipe() -> None:
    args = understood(f"grammar-en-fr {variable('BROKEN_RECIPE')} --heads 4")
    assert train.chosen(args) == {}


@pytest.mark.parametrize("corpus", [name for name in names() if recipes_of(name)])
@pytest.mark.parametrize("tuned", [False, True])
def test_when_to_stop_is_chosen_only_if_nobody_says_it(corpus: str, tuned: bool) -> None:
    assert len({"epochs", "minutes"} & preset(corpus, never, tuned=tuned).keys()) == 1
    for asked in ({"minutes": 1.0}, {"epochs": 2.0}, {"minutes": 100.0, "epochs": 1.0}):
        assert not {"epochs", "minutes"} & preset(corpus, never, tuned=tuned, **asked).keys()


def test_what_is_given_goes_before_what_suits(capsys: pytest.CaptureFixture[str]) -> None:
    line = "grammar-en-fr --minutes 1 --d-model 32 --dropout 0.3"
    asked, args = made(line), understood(line)
    said = capsys.readouterr().err
    assert (asked.d_model, asked.dropout, asked.minutes, asked.epochs) == (32, 0.3, 1, None)
    assert (asked.layers, asked.batch_tokens) == (2, 480)
    assert said.startswith("Recipe for grammar-en-fr: --")
    told = presets.options(said.partition(": ")[2])
    assert presets.recipe_fields(told) == train.chosen(args)
    assert not {"d-model", "dropout", "minutes", "epochs"} & told.keys()


def test_fine_tuning_takes_one_recipe_whatever_the_corpus(tmp_path: Path) -> None:
    ten = made(f"{table(tmp_path, 10)} --from grammar-en-fr")
    assert (ten.peak_rate, ten.minutes) == (0.0005, 1.5)
    assert made("tatoeba-en-fr --from grammar-en-fr").pairs == 20000, "what fits into the time"
    chosen = train.chosen(understood("grammar-en-fr --from grammar-en-fr"))
    assert not {"d_model", "heads", "layers", "d_ff", "vocabulary_size"} & chosen.keys()


texts = st.builds(Text, st.integers(0, 1_000_000), st.floats(1, 400), alphabet=st.integers(1, 3000))


@given(texts, st.floats(0.1, 600), st.integers(1, 64))
def test_more_time_or_threads_or_none_asked_for_never_make_a_smaller_model(
    text: Text, minutes: float, threads: int
) -> None:
    widths = [
        suited(text, time, count)["d-model"]
        for time, count in ((minutes / 2, 1), (minutes, 1), (minutes, threads), (math.inf, threads))
    ]
    assert widths == sorted(widths)


@given(texts, st.none() | st.floats(0.1, 600), st.integers(1, 64))
def test_any_pairs_get_a_whole_recipe(text: Text, minutes: float | None, threads: int) -> None:
    found = suited(text, minutes, threads)
    assert len({"epochs", "minutes"} & found.keys()) == (0 if minutes else 1)
    whole = Recipe(corpus="x", **{"epochs": 1, **presets.recipe_fields(found)})
    whole.config(whole.vocabulary_size)
    assert presets.options(shlex.join(presets.words(found))) == found
    assert {name.replace("-", "_") for name in found} <= {field.name for field in fields(Recipe)}


def test_large_models_are_for_many_pairs_and_much_time() -> None:
    def width(pairs: int, minutes: float) -> float:
        return suited(Text(pairs, 37.0), minutes)["d-model"]

    assert width(1_000, 600) < width(30_000, 600) < width(200_000, 600)
    assert width(200_000, 1) == width(1_000, 1)


@pytest.mark.parametrize("count", [1, 10, 1000])
def test_the_vocabulary_has_room_for_every_letter(count: int) -> None:
    """Also for a thousand different ones."""
    signs = [chr(0xAC00 + number) for number in range(1000)]
    pairs = [Pair(f"I see {number}", "".join(signs[number::count][:40])) for number in range(count)]
    whole = make_recipe({"corpus": "x", "epochs": 1, **presets.recipe_fields(suited(text_of(pairs), 1))})
    assert len(Tokenizer.train(sentences_of(pairs, whole), whole.vocabulary_size)) > 256


@pytest.mark.slow
def test_ten_pairs_are_learned_without_a_single_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = table(tmp_path, 10)
    args = understood(f"{file} --out {tmp_path / 'mine'} --snapshots 0")
    assert train.run(args) == 0
    checkpoint, pairs = load(tmp_path / "mine"), open_corpus(str(file)).split("train")
    assert evaluate(checkpoint.model, checkpoint.tokenizer, pairs).exact_match >= 80
