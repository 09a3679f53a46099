"""Gold links and alignment errors: against the corpus, against a count by hand, and on the page itself."""

import re
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from figures.labels import label
from tests import apps
from tests.apps import room, said, unfold
from transformer.corpora import Pair, words
from transformer.corpora.grammar_en_fr import load, showcase
from transformer.text import clean
from transformer.tokenizer import Tokenizer
from ui.measures import gold
from ui.measures.gold import Aligned
from ui.session import state
from ui.session.walk import Walk, walk
from ui.show.sums import number

pytestmark = pytest.mark.filterwarnings("default")
PAGE = "pages/90_cross_attention.py"
PAIR = gold.example()
app = partial(apps.app, PAGE)


@pytest.fixture
def given(origin: state.Origin) -> Walk:
    """The model reads both sides of a pair with gold links."""
    return state.forced_walk(origin, PAIR.source, PAIR.target)


@pytest.fixture
def found(given: Walk, tokenizer: Tokenizer) -> Aligned:
    """Its words."""
    found = gold.aligned(given, tokenizer)
    assert found
    return found


def test_every_pair_of_the_corpus_is_found_by_its_english() -> None:
    for pair in (*load().pairs[::1000], *showcase()):
        assert gold.expected(clean(pair.source)) == pair
    assert gold.expected("Nobody wrote this sentence.") is None


def test_gold_links_only_for_the_pair_itself(origin: state.Origin, tokenizer: Tokenizer, found: Aligned) -> None:
    assert found.gold == set(PAIR.links)
    other = gold.aligned(state.forced_walk(origin, PAIR.source, "Le chat dort."), tokenizer)
    assert other
    assert not other.gold
    assert other.expected == PAIR
    alien = gold.aligned(state.forced_walk(origin, "Zebras yawn.", PAIR.target), tokenizer)
    assert alien
    assert not alien.gold
    assert alien.expected is None


def test_words_and_their_pieces(given: Walk, found: Aligned) -> None:
    """The pieces of a word, put together, begin with it."""
    for text, names, first, pieces in (
        (PAIR.source, found.source_words, found.source_first, given.source),
        (PAIR.target, found.target_words, found.target_first, given.written),
    ):
        assert list(names) == [text[start:end] for start, end in words(text)]
        for word, place in zip(names, first, strict=True):
            begun = "".join(pieces[place:]).replace("▁", "").casefold()
            assert begun.startswith(word[0].casefold())
        assert [gold.word_of(first, place) for place in first] == list(range(len(first)))


def test_gold_cells_are_all_pieces_of_linked_words(given: Walk, found: Aligned) -> None:
    """Each cell belongs to a linked pair of words by its characters, and no such cell is missing."""
    spans = [words(PAIR.source), words(PAIR.target)]
    wanted = set()
    for one, other in PAIR.links:
        for row, target in enumerate(found.target_spans):
            for column, source in enumerate(found.source_spans):
                if meet(target, spans[1][other]) and meet(source, spans[0][one]):
                    wanted.add((row, column))
    assert set(gold.gold_cells(found)) == wanted
    assert all(row < len(given.written) and column < len(given.source) for row, column in wanted)


def meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two spans share a character."""
    return one[0] < other[1] and other[0] < one[1]


def test_links_are_the_strongest_english_word_of_each_french_one(given: Walk, found: Aligned) -> None:
    for weights in given.cross[1]:
        strengths = np.zeros((len(found.target_words), len(found.source_words)))
        spans = [words(PAIR.source), words(PAIR.target)]
        for target, there in enumerate(spans[1]):
            rows = [row for row, span in enumerate(found.target_spans) if meet(span, there)]
            for source, here in enumerate(spans[0]):
                columns = [column for column, span in enumerate(found.source_spans) if meet(span, here)]
                strengths[target, source] = weights[np.ix_(rows, columns)].sum(1).mean()
        np.testing.assert_allclose(gold.strengths(weights, found), strengths, atol=1e-5)
        links = gold.links(weights, found)
        assert links == {(int(best), target) for target, best in enumerate(strengths.argmax(1))}


def test_error_rates_by_hand(given: Walk, found: Aligned) -> None:
    rates = gold.rates(given, found)
    assert rates.shape == (3, 6)
    for layer in range(3):
        for head in range(6):
            weights = given.cross[layer].mean(0) if head == 5 else given.cross[layer][head]
            links = gold.links(weights, found)
            right = len(links & set(PAIR.links))
            assert rates[layer, head] == pytest.approx(1 - 2 * right / (len(links) + len(PAIR.links)))


def test_a_perfect_head_makes_no_error(found: Aligned) -> None:
    """Weights that look exactly at a linked word: nothing proposed is wrong."""
    weights = np.zeros((len(found.target_spans) + 1, len(found.source_spans) + 1), dtype=np.float32)
    linked = {target: source for source, target in PAIR.links}
    for row, column in gold.gold_cells(found):
        weights[row, column] = 1
    proposed = gold.links(weights, found)
    assert all((source, target) in PAIR.links for source, target in proposed if target in linked)


def test_pieces_that_the_tokenizer_would_not_choose(tokenizer: Tokenizer) -> None:
    """The model may spell a word: then each piece still ends where the text of those up to it ends."""
    text = "Le chat"
    cut = max(tokenizer.segmentations(text, 20), key=lambda each: len(each.pieces))
    ids = [piece.id for piece in cut.pieces]
    assert ids != tokenizer.encode(text)
    spans = gold.spans_of(tokenizer, text, [*ids, 2])
    assert len(spans) == len(ids)
    assert "".join(text[start:end] for start, end in spans) == text


@pytest.mark.parametrize("ids", [(2,), (3, 2), (300, 3, 301, 2)])
def test_odd_translations_have_as_many_spans_as_pieces_or_none(
    origin: state.Origin, tokenizer: Tokenizer, ids: tuple[int, ...]
) -> None:
    found = gold.aligned(walk(state.opened(origin), PAIR.source, ids, forced=False), tokenizer)
    assert found is None or len(found.target_spans) == len(ids) - 1


@pytest.mark.parametrize("picture", ["map", "lines", "all", "words"])
@pytest.mark.parametrize("depth", ["story", "numbers", "formula", "code"])
@pytest.mark.parametrize("special", ["true", "false"])
def test_each_picture_at_each_depth(folders: Path, picture: str, depth: str, special: str) -> None:
    test = app(
        view=picture,
        depth=depth,
        special=special,
        text=PAIR.source,
        target="mine",
        french=PAIR.target,
        piece="2",
        source="1",
    )
    assert not test.exception
    assert test.segmented_control(key="pick_view").value == picture
    assert not [each.value for each in test.markdown if "[[" in each.value]
    assert "<b>" in room(test)
    assert not [button for button in test.button if button.key in ("take_gold", "take_french")]


def test_a_sentence_without_gold_offers_one_with(folders: Path) -> None:
    test = app(text="Zebras yawn.", search="greedy", view="nonsense")
    assert not test.exception
    assert test.segmented_control(key="pick_view").value == "map"
    test.button(key="take_gold").click().run()
    assert test.text_input(key="text").value == PAIR.source
    test.button(key="take_french").click().run()
    assert test.text_input(key="french").value == PAIR.target
    assert not test.exception
    test.segmented_control(key="pick_view").set_value("words").run()
    assert "alignment error rate" in room(test)


def test_after_try_one_there_is_a_way_back(folders: Path) -> None:
    test = app(text="Zebras yawn.", target="mine", french="Les zèbres bâillent.")
    assert not [button for button in test.button if button.key == "give_back"]
    test.button(key="take_gold").click().run()
    test.button(key="take_french").click().run()
    assert test.text_input(key="french").value == PAIR.target
    test.button(key="give_back").click().run()
    assert test.text_input(key="text").value == "Zebras yawn."
    assert test.text_input(key="french").value == "Les zèbres bâillent."
    assert not [button for button in test.button if button.key == "give_back"]


def test_the_way_back_is_only_offered_where_the_example_still_stands(folders: Path) -> None:
    test = app(text="Zebras yawn.", search="greedy")
    test.button(key="take_gold").click().run()
    test.text_input(key="text").set_value("Cats yawn.").run()
    assert not [button for button in test.button if button.key == "give_back"]
    test.button(key="take_gold").click().run()
    test.button(key="give_back").click().run()
    assert test.text_input(key="text").value == "Cats yawn."


def plain(test: AppTest) -> str:
    """All that the page says, without markup."""
    return re.sub(
        r'<span class="atlas-meaning".*?</span>|<[^>]*>|\\',
        "",
        " ".join([said(test), *(each.value for each in test.markdown)]),
    )


@pytest.mark.parametrize("head", ["mean", "3"])
def test_picture_first_line_and_numbers_tell_of_the_same_head(folders: Path, given: Walk, head: str) -> None:
    asked = {
        "text": PAIR.source,
        "target": "mine",
        "french": PAIR.target,
        "layer": "2",
        "head": head,
        "piece": "4",
        "source": "2",
    }
    test = unfold(app(**asked), "numbers")
    each = given.cross[1][:, 3, 1]
    shown = each.mean() if head == "mean" else each[2]
    told = plain(test)
    position = f"Having read {label(given.read[3])}, about to write {label(given.written[3])}, "
    assert (
        f"{position}{'all heads of layer 2 give' if head == 'mean' else 'head 3 of layer 2 gives'} {number(float(shown), 2)} of"
        in told
    )
    inside = int(each.argmax()) if head == "mean" else 2
    who = "All heads on average" if head == "mean" else "Head 3"
    assert f"{who}, layer 2: {shown:.3f} of the look" in told
    assert f"Head {inside + 1} of layer 2 finds" in told
    assert f"weight of {each[inside]:.3f}" in told


def test_the_mean_is_a_sum_over_the_heads(folders: Path, given: Walk) -> None:
    asked = {"text": PAIR.source, "target": "mine", "french": PAIR.target, "layer": "2", "piece": "4", "source": "2"}
    heads = len(given.cross[1])
    told = room(app(**asked))
    assert f"= <b>{number(float(given.cross[1][:, 3, 1].mean()))}</b>" in told
    assert f"× {number(1 / heads)}" in told


@pytest.mark.parametrize("picture", ["lines", "words", "map", "all"])
def test_the_hint_fits_every_picture(folders: Path, picture: str) -> None:
    told = room(app(text="Zebras yawn.", search="greedy", view=picture, piece="none", source="none"))
    assert "cell" not in re.sub(r'class="[^"]*"', "", told)
    assert "French" not in told


def test_keys_and_values_come_from_the_top_of_the_encoder(folders: Path, given: Walk, origin: state.Origin) -> None:
    """They are W_K and W_V of its output in every decoder layer; and the line tells of a decoder that reads the layer below."""
    model, trace = state.opened(origin).model, given.trace
    for layer, each in zip(model.decoder_layers, trace.decoder.layers, strict=True):
        keys, values = layer.cross_attention.keys_and_values(trace.encoder.output)
        assert torch.allclose(keys, each.cross_attention.keys, atol=1e-5)
        assert torch.allclose(values, each.cross_attention.values, atol=1e-5)
    with torch.inference_mode():
        everything = torch.ones(1, 1, 1, len(given.source), dtype=torch.bool)
        below = model.decode(torch.tensor([given.read_ids]), trace.encoder.layers[-2].output, everything).output
        chances = model.logits(below)[0].softmax(-1)[torch.arange(len(given.written)), torch.tensor(given.written_ids)]
    told = plain(app(text=PAIR.source, target="mine", french=PAIR.target))
    after, before = number(float(chances.mean()), 2), number(float(np.mean(given.chances)), 2)
    assert f"the right pieces get {after}, not {before}" in told


def test_the_formula_has_the_biases_that_the_numbers_contain(folders: Path) -> None:
    test = unfold(app(text=PAIR.source, target="mine", french=PAIR.target), "formula")
    assert "W^K + b^K" in " ".join(each.value for each in test.markdown)


def test_the_sentence_tells_the_errors_count(folders: Path, given: Walk, found: Aligned) -> None:
    test = app(view="words", text=PAIR.source, target="mine", french=PAIR.target, layer="2", head="3")
    rate = gold.rates(given, found)[1, 2]
    assert f"<b>{rate:.3f}</b>" in room(test)


def test_a_cell_in_words(folders: Path, given: Walk) -> None:
    asked = {"text": PAIR.source, "target": "mine", "french": PAIR.target, "layer": "2", "head": "3"}
    assert f"<b>{given.cross[1][2, 3, 1]:.4f}</b>" in room(app(piece="4", source="2", **asked))
    assert f"<b>{given.cross[1][2, 3].max():.4f}</b>" in room(app(piece="4", source="none", **asked))
    assert f"<b>{given.cross[1][2, :, 1].max():.4f}</b>" in room(app(source="2", piece="none", **asked))


def test_the_offered_pair_crosses() -> None:
    """The example is worth seeing: some words change places."""
    assert isinstance(PAIR, Pair)
    order = [source for source, _ in sorted(PAIR.links, key=lambda link: link[1])]
    assert order != sorted(order)
