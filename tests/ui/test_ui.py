"""The parts of the interface that are plain functions: words, tables, addresses, and which row of attention is whose."""

import copy
import csv
import io
import re
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some

from tests import ROOT
from tests.small_models import untrained
from transformer.checkpoint import Checkpoint
from transformer.tokenizer import Tokenizer
from ui import text
from ui.frame import token_strip
from ui.session import attentions
from ui.session.walk import Walk, looked, walk
from ui.show import code, live_plot, prose, tables

LESSONS = [
    file for file in sorted((Path(text.__file__).parent / "lessons" / "en").glob("*.md")) if file.stem != "terms"
]


def script_of(lesson: Path) -> str:
    """The page whose lesson it is."""
    return (ROOT / ("home.py" if lesson.stem == "home" else f"pages/{lesson.stem}.py")).read_text("utf-8")


@pytest.fixture(scope="module")
def checkpoint(tokenizer: Tokenizer) -> Checkpoint:
    """An untrained model."""
    sizes = {"d_model": 14, "heads": 7, "encoder_layers": 2, "d_ff": 11, "max_positions": 53}
    model = untrained(tokenizer, 2, **sizes).requires_grad_(False)
    return Checkpoint(name="small", model=model, tokenizer=tokenizer, card={})


@pytest.fixture(scope="module")
def forced(checkpoint: Checkpoint) -> Walk:
    """A walk over a French sentence that was given."""
    return walk(checkpoint, "I see the dog.", (*checkpoint.tokenizer.encode("Je vois le chien."), 2), forced=True)


def test_a_row_of_attention_belongs_to_the_piece_that_is_about_to_be_written(
    checkpoint: Checkpoint, forced: Walk
) -> None:
    """Row t does not change when the pieces from t on do: the model has not read them yet."""
    assert forced.read == ("<s>", *forced.written[:-1])
    assert forced.source[-1] == forced.written[-1] == "</s>"
    other = walk(checkpoint, "I see the dog.", (*checkpoint.tokenizer.encode("Je vois le garçon."), 2), forced=True)
    same = next(t for t, (a, b) in enumerate(zip(forced.written, other.written, strict=False)) if a != b)
    for layer in range(forced.layers):
        assert np.allclose(forced.cross[layer][:, : same + 1], other.cross[layer][:, : same + 1], atol=1e-6)


def test_a_walk_holds_the_numbers_of_the_trace(checkpoint: Checkpoint, forced: Walk) -> None:
    tokenizer = checkpoint.tokenizer
    source = torch.tensor([[*tokenizer.encode("I see the dog."), 2]])
    written = [*tokenizer.encode("Je vois le chien."), 2]
    trace = checkpoint.model(source, torch.tensor([[1, *written[:-1]]]))
    for layer, kept in zip(trace.decoder.layers, forced.cross, strict=True):
        assert np.array_equal(kept, layer.cross_attention.weights[0].numpy())
    assert forced.chances == pytest.approx(
        [row.softmax(-1)[id].item() for row, id in zip(trace.logits[0], written, strict=True)]
    )
    assert forced.cross[0].shape == (forced.heads, len(forced.written), len(forced.source))


def test_the_mean_of_heads_is_their_mean_and_rows_add_up_to_one(forced: Walk) -> None:
    assert np.allclose(looked(forced, 1, None), sum(looked(forced, 1, head) for head in range(7)) / 7)
    assert np.allclose(looked(forced, 1, None).sum(-1), 1, atol=1e-5)


def test_nobody_can_change_what_all_sessions_share(forced: Walk) -> None:
    with pytest.raises(ValueError, match="read-only"):
        forced.cross[0][0, 0, 0] = 1


def test_a_translation_that_was_cut_off_says_so(checkpoint: Checkpoint) -> None:
    ids = tuple(checkpoint.tokenizer.encode("Je vois"))
    cut = walk(checkpoint, "I see.", ids, forced=False)
    assert not cut.finished
    assert len(cut.written) == len(ids) == cut.cross[0].shape[1]


@given(some.text())
def test_a_value_is_never_markup(value: str) -> None:
    shown = text.filled("{a} & <{b}>", a=value, b=1)
    assert shown.count("<") == 4, "the four tags are our own"


@given(some.text(alphabet=":red[x]$*_`<b>#-!|~\\(){}>=+. a"))
def test_a_label_is_never_markdown(value: str) -> None:
    escaped = text.plain(value)
    assert escaped.replace("\\\\", "\0").replace("\\", "").replace("\0", "\\") == value
    assert all(sign == "\\" or escaped[place - 1] == "\\" for place, sign in enumerate(escaped) if sign in ":$*_`<>[#")


@pytest.mark.parametrize("address", ["http://evil.example", "HTTPS://x.y/z", "see www.evil.example", "me@evil.example"])
def test_an_address_becomes_no_link(address: str) -> None:
    """Streamlit looks for addresses in what is left when the backslashes are gone."""
    left = text.plain(address).replace("\\", "")
    assert not re.search(r"https?://|www\.|\w@\w", left, re.IGNORECASE)
    assert left.replace(text.UNSEEN, "") == address


@given(
    some.lists(
        some.lists(
            some.text(some.characters(blacklist_categories=["Cs"], blacklist_characters="\0")), min_size=2, max_size=2
        )
    )
)
def test_a_csv_reads_back_as_it_was(rows: list[list[str]]) -> None:
    written = tables.csv_text(["a", 'b "c", d'], rows)
    assert list(csv.reader(io.StringIO(written, newline=""))) == [["a", 'b "c", d'], *rows]


@given(some.text())
def test_a_piece_in_prose_is_text_whatever_it_is_called(name: str) -> None:
    made = text.Chip(name, "#123456").html
    assert made.count("<") == 2
    assert unescape(re.fullmatch(r"<span[^<>]*>([^<>]*)</span>", made)[1]) == html_of(name)  # type: ignore[index]
    assert not set("*_`$[]\\") & set(re.sub(r"<[^>]*>", "", made))


def test_a_piece_in_prose_survives_a_cache() -> None:
    """Streamlit makes it anew out of what it kept."""
    again = copy.copy(text.Chip("·s", "#123456"))
    assert (again, again.colour, again.html) == ("·s", "#123456", text.Chip("·s", "#123456").html)


def html_of(name: str) -> str:
    """What a browser would read of it: character references to signs that are none are replaced."""
    return unescape("".join(f"&#{ord(sign)};" if not sign.isalnum() else sign for sign in name))


@pytest.mark.parametrize("file", LESSONS, ids=lambda file: file.stem)
def test_a_lesson_has_a_name_a_title_and_a_story(file: Path) -> None:
    lesson = text.parse(file.read_text("utf-8"))
    assert lesson.name
    assert lesson.title
    assert lesson.look
    assert {"Story", "Numbers", "Formula", "Code"} <= lesson.sections.keys()
    for name, section in lesson.sections.items():  # of the page, and of one of its views
        if name.startswith("Code"):
            assert code.SOURCE.search(section)
            assert all(code.source(dotted)[2] for dotted in code.SOURCE.findall(section))
        if name.startswith("Formula"):
            assert section.count("$$") % 2 == 0


@pytest.mark.parametrize("page", [file.stem for file in LESSONS if "frame.rooms(" in script_of(file)])
def test_a_story_is_short_where_it_stands_beside_the_picture(page: str) -> None:
    stories = {name: section for name, section in text.lesson(page).sections.items() if name.startswith("Story")}
    counts = {name: len(re.findall(r"\S*\w\S*", section)) for name, section in stories.items()}
    assert {name: count for name, count in counts.items() if count > 60} == {}


def test_one_view_of_a_page_has_sections_of_its_own() -> None:
    lesson = text.parse("# Page\nTitle\n\n## Story\nall\n\n## Story of maps\nown\n\n## Formula\nf")
    assert (lesson.of("maps").sections["Story"], lesson.of("maps").sections["Formula"]) == ("own", "f")
    assert lesson.of("roles").sections == lesson.sections


def test_a_line_of_a_lesson_is_plain_text_in_one_line() -> None:
    assert prose.line("more than\n[[x]] of it", {"x": "</s>"}) == "more than </s> of it"


def test_a_click_is_forgotten_with_its_sentence() -> None:
    state = {"cell": {"scope": "dog", "customdata": [1, 2]}}
    assert live_plot.read(state, "dog") == [1, 2]
    assert live_plot.read(state, "cat") is None
    assert live_plot.read(None, "cat") is None
    assert live_plot.read({"cell": None}, "cat") is None


def test_chips_know_words_and_special_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_strip, "chip", lambda piece, at: (piece.replace("▁", ""), f"c{at}"))
    made = token_strip.chips(["▁Char", "lie", "</s>"], special=True)
    assert [(chip["text"], chip["begins"], chip["special"], chip["colour"]) for chip in made] == [
        ("Char", True, False, "c0"), ("lie", False, False, "c1"), ("</s>", True, True, "c2"),
    ]  # fmt: skip
    assert [chip["place"] for chip in made] == [0, 1, 2]


def test_hidden_special_pieces_leave_the_places_of_the_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_strip, "chip", lambda piece, at: (piece, str(at)))
    made = token_strip.chips(["<s>", "▁Le", "</s>"], special=False, first=-1)
    assert [(chip["text"], chip["place"], chip["colour"]) for chip in made] == [("▁Le", 0, "0")]


@pytest.mark.parametrize("kind", ["encoder", "decoder", "cross"])
def test_an_attention_is_the_trace_s_own(checkpoint: Checkpoint, forced: Walk, kind: attentions.Kind) -> None:
    """Its arrays are those of the trace, and its W_Q, W_K, W_V made them from what is said to ask and to answer."""
    session = SimpleNamespace(walk=forced, checkpoint=checkpoint, special=False)
    for layer in range(attentions.layers(session, kind)):
        view = attentions.attention(session, kind, layer)
        for x, linear, heads in ((view.asking, "W_Q", view.queries), (view.answering, "W_K", view.keys),
                                 (view.answering, "W_V", view.values)):  # fmt: skip
            made = x @ getattr(view.module, linear).weight.numpy().T + getattr(view.module, linear).bias.numpy()
            np.testing.assert_allclose(heads.transpose(1, 0, 2).reshape(len(x), -1), made, atol=1e-5)
        np.testing.assert_allclose(view.weights @ view.values, view.heads, atol=1e-5)
        assert view.mask.shape == view.weights.shape[1:] == (len(view.query_pieces), len(view.key_pieces))
        assert view.seen(view.weights).shape[-2:] == tuple(map(len, view.pieces))
        assert not {"<s>", "</s>"} & {*view.pieces[0], *view.pieces[1]}


def test_in_the_decoder_s_own_attention_a_row_is_the_piece_that_was_read(checkpoint: Checkpoint, forced: Walk) -> None:
    session = SimpleNamespace(walk=forced, checkpoint=checkpoint, special=True)
    decoder, cross = (attentions.attention(session, kind, 0) for kind in ("decoder", "cross"))
    assert decoder.query_pieces == decoder.key_pieces == forced.read
    assert cross.query_pieces == forced.written
    assert (decoder.mask == np.tril(np.ones(decoder.mask.shape, bool))).all()


def test_the_source_of_a_function_is_shown_as_it_stands() -> None:
    file, line, shown = code.source("transformer.attention.MultiHeadAttention.split_heads")
    lines = (Path(text.__file__).parent.parent / file).read_text("utf-8").splitlines()
    assert lines[line - 1].strip() == shown.splitlines()[0]
    assert shown.startswith("def split_heads(")
    with pytest.raises(AttributeError):
        code.source("transformer.attention.nothing")


def test_values_take_their_places_in_a_lesson() -> None:
    assert prose.filled_in("a [[x]] b", {"x": "*</s>*"}, literal=True) == r"a \*\<\/s\>\* b"
    assert prose.filled_in(r"\frac{[[x]]}{2}", {"x": "3.1"}, literal=False) == r"\frac{3.1}{2}"
    with pytest.raises(KeyError):
        prose.filled_in("[[x]]", {}, literal=True)


@given(some.text())
def test_text_in_a_formula_cannot_end_it(value: str) -> None:
    shown = prose.tex(value).removeprefix(r"\text{").removesuffix("}")
    for sign in (
        "\\wedge ",
        "\\sim ",
        "\\backslash ",
        "\\textdollar ",
        r"\{",
        r"\}",
        r"\$",
        r"\#",
        r"\%",
        r"\&",
        r"\_",
    ):
        shown = shown.replace(sign, "")
    assert not set(shown) & set("\\{}$#%&_^~")
