"""The words of the field: each is explained, each formula can be drawn, each leads to a page that knows what it is asked for."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.apps import app, trouble
from tests.browser.visitor import WITH_A_PAST
from ui import text
from ui.frame import cards, pages
from ui.show import terms

TERMS = terms.glossary("en")
ADDRESSES = sorted({(term.page, term.asked) for term in TERMS})
ART = """token tokenizer unigram vocabulary embedding vector dimension matrix cosine query key value logit softmax residual LayerNorm ReLU
beam greedy BLEU chrF head layer encoder decoder attention attention_weight attention_score scaled_dot_product d_model d_k d_ff Transformer
positional_encoding sinusoid perplexity cross-entropy logit_lens attention_rollout ablation attribution integrated_gradients snapshot n-best
byte_fallback precision recall F1 mask causal_mask padding teacher_forcing temperature top-k top-p seed length_penalty entropy gradient loss
label_smoothing dropout epoch batch learning_rate parameter checkpoint fine-tuning pre-training GRU LSTM gate hidden_state annotation hop
memory_network CBOW skip-gram GloVe fastText ELMo BERT n-gram REINFORCE patch Vision_Transformer CNN FiLM kernel path_length minimal_pair
linear_probe gold_link alignment_error_rate bootstrap variance""".split()
NAMES = {  # in capitals, and no words of the field: formats, people's projects, languages, the keys of a keyboard, what is said otherwise
    "CC0", "CSV", "PNG", "SVG", "HTML", "JSON", "GPU", "CPU", "EN", "DE", "FR", "BY", "II", "TM", "API", "QR", "PDF", "MB", "GB", "OK", "ID", "NLP",
}  # fmt: skip
CAPITALS = re.compile(r"(?<![\w$\\{^-])(?:[A-Z]{2,}[a-z]?|[dW]_[A-Za-z]+)(?![\w-])")


def prose() -> dict[str, str]:
    """The lessons without formulas, code, links and places of values."""
    files = (Path(text.__file__).parent / "lessons" / "en").glob("*.md")
    gone = re.compile(r"\$\$?[^$]*\$\$?|`[^`]*`|\[\[\w+\]\]|\[[^\]]*\]\([^)]*\)|^source:.*$|arXiv", re.MULTILINE)
    return {file.stem: gone.sub(" ", file.read_text("utf-8")) for file in files if file.stem != "terms"}


def test_a_term_is_marked_where_it_stands_first_and_nowhere_inside_of_anything() -> None:
    made = terms.marked(
        "A *softmax*, `softmax`, $softmax$, [[softmax]], {softmax}, [softmax](softmax) and the softmax of queries; a query."
    )
    assert made.count("atlas-term") == 2  # softmax once, a query once in whatever form
    assert made.startswith(
        'A *<span class="atlas-term" role="button" tabindex="0" aria-expanded="false">softmax</span>*'
    )
    assert "`softmax`, $softmax$, [[softmax]], {softmax}, [softmax](softmax) and the softmax of" in made


def test_the_longest_word_is_meant_and_no_part_of_another() -> None:
    assert re.findall(r">([^<]+)</span>", terms.marked("The self-attention of a beam search, unheaded, multi-headed: heads.")) == [
        "self-attention", "beam search", "heads",
    ]  # fmt: skip
    assert ">Add &amp; Norm</span>" in terms.filled("Add & Norm {who}", who="<b>")


def test_what_a_value_holds_is_no_term() -> None:
    made = terms.filled("The {word} of a head", word="softmax <i>")
    assert "<b>softmax &lt;i&gt;</b>" in made
    assert made.count("atlas-term") == 1


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.word)
def test_a_term_has_one_plain_sentence_and_a_formula_that_can_be_drawn(term: terms.Term) -> None:
    assert 25 < len(term.meaning) < 160
    assert term.meaning.endswith(".")
    assert term.page in pages()
    if term.formula:
        root = ElementTree.fromstring(term.mathml)
        assert root.tag.endswith("math")
        assert "\\" not in "".join(root.itertext()), "a command that was not understood"


def test_no_form_means_two_things() -> None:
    forms = [form.lower() for term in TERMS for form in term.forms]
    assert len(forms) == len(set(forms)) == len(terms.meanings("en"))


def test_every_word_of_art_is_explained() -> None:
    assert [
        word for word in ART if not {word.lower(), word.replace("_", " ").lower()} & terms.meanings("en").keys()
    ] == []
    assert len(TERMS) > 120


def test_every_abbreviation_of_a_lesson_is_explained() -> None:
    unknown = {
        (page, word)
        for page, told in prose().items()
        for word in CAPITALS.findall(told)
        if word.lower() not in terms.meanings("en") and word not in NAMES
    }
    assert unknown == set()


@pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
@pytest.mark.parametrize(("page", "asked"), ADDRESSES, ids=lambda each: str(each)[:60])
def test_the_page_of_a_term_knows_what_it_is_asked_for(page: str, asked: tuple[tuple[str, str], ...]) -> None:
    test = app(
        f"pages/{page}.py", checkpoint=WITH_A_PAST, text="The black cat sees the dog.", to_view="1", **dict(asked)
    )
    assert trouble(test) == []
    assert {key: str(test.session_state[key]) for key, _ in asked} == dict(asked)


def test_the_cards_are_the_same_for_every_page_and_small() -> None:
    made = cards.cards("en")
    assert made is cards.cards("en")
    assert [card["word"] for card in made] == [term.word for term in TERMS]
    assert len(repr(made)) < 90_000
