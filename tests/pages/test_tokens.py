"""The page about tokens: its tables, the first line, the sum of a cut, why pieces and not letters or words."""

import math
from html import escape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from figures.labels import label
from pages.tokens import pieces, telling
from tests.apps import app, html, pictures, room, said, seen, told, trouble, unfold
from transformer.checkpoint import Checkpoint
from transformer.tokenizer import Tokenizer
from ui.measures.words import runs
from ui.show import sums

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE = "pages/10_tokens.py"


def test_the_table_of_pieces_gives_the_sentence_back(tokenizer: Tokenizer) -> None:
    sentence = "The  dog\tsees 한 <b>"
    best, *_ = pieces.segmentations(tokenizer, sentence)
    columns, rows = pieces.piece_table(tokenizer, best, sentence)
    assert len(columns) == len(rows[0])
    spans = dict.fromkeys((row[5], row[6]) for row in rows)
    assert "".join("The dog sees 한 <b>"[start:end] for start, end in spans) == "The dog sees 한 <b>"


def test_the_vocabulary_is_found_by_text_and_by_id(tokenizer: Tokenizer) -> None:
    _, everything = pieces.vocabulary_table(tokenizer, "")
    assert len(everything) == len(tokenizer)
    _, found = pieces.vocabulary_table(tokenizer, "0x41")
    assert [row[1] for row in found] == ["<0x41>"]
    _, found = pieces.vocabulary_table(tokenizer, "2")
    assert 2 in [row[0] for row in found]


def test_a_byte_reads_in_the_table_as_on_its_chip(tokenizer: Tokenizer) -> None:
    best, *_ = pieces.segmentations(tokenizer, "한")
    _, rows = pieces.piece_table(tokenizer, best, "한")
    assert [row[1] for row in rows][-3:] == ["한 1/3", "한 2/3", "한 3/3"]
    assert [row[2] for row in rows][-3:] == ["<0xED>", "<0x95>", "<0x9C>"]
    assert "한 1/3 | 한 2/3 | 한 3/3" in pieces.written(tokenizer, best)


def line(test: AppTest) -> str:
    """The line that says what is to be seen."""
    [found] = [each for each in html(test) if 'class="atlas-seen"' in each]
    return found


def test_words_are_found_among_the_pieces() -> None:
    names = ("<s>", "▁He", "l", "lo", ",", "▁did", "n't", "▁", "<0xED 한 1/2>", "<0x95 한 2/2>", "▁I", ".", "</s>")
    found = ["".join(names[place] for place in word) for word in runs(names)]
    assert found[:2] == ["▁Hello", "▁didn't"]
    assert found[-1] == "▁I"
    assert [names[place] for place in telling.cut_word(names)] == ["▁He", "l", "lo"]
    assert telling.cut_word(("▁I", "▁see", ".", "</s>")) == []


def test_the_first_line_tells_of_a_word_that_is_cut_and_of_the_chosen_piece(
    folders: Path, checkpoint: Checkpoint
) -> None:
    tokenizer = checkpoint.tokenizer
    cut = "Blorptastic"
    parts = [label(piece.piece) for piece in tokenizer.pieces(cut)]
    assert len(parts) > 1
    told = line(app(PAGE, text=f"The dog sees {cut}.", source="2"))
    assert f"<b>{cut}</b> is cut into {' '.join(f'<b>{part}</b>' for part in parts)}" in told
    id = tokenizer.encode(f"The dog sees {cut}.")[1]
    assert f"is number <b>{id}</b> of <b>{len(tokenizer):,}</b>" in told
    known = [
        each.piece[1:] for each in tokenizer.vocabulary() if each.piece.startswith("▁") and each.piece[1:].isalpha()
    ]
    text = " ".join([word for word in known if len(tokenizer.encode(word)) == 1 and word.islower()][:3])
    assert len(tokenizer.encode(text)) == 3
    assert "no word is cut" in line(app(PAGE, text=text, source="2"))
    assert "is number" not in line(app(PAGE, text=text, source="none", piece="none"))


@pytest.mark.parametrize("cut", [None, 0, 1, 3, 77])
def test_a_cut_is_told_with_its_sum_and_how_it_compares_with_the_best(
    folders: Path, checkpoint: Checkpoint, cut: int | None
) -> None:
    sentence = "The black cat sees the dog."
    cuts = pieces.segmentations(checkpoint.tokenizer, sentence)
    at = cut if cut in range(len(cuts)) else 1
    test = unfold(app(PAGE, text=sentence, **({} if cut is None else {"cut": str(cut)})), "numbers", "formula", "code")
    assert trouble(test) == []
    assert not any("[[" in each.value for each in test.markdown)
    assert told(test, cuts[at].score, "this cut")
    if at:
        assert f"<b>{sums.number(math.exp(cuts[at].score - cuts[0].score))}</b> times as probable" in room(test)
        assert told(test, cuts[0].score, "the best")


def test_the_terms_that_are_shown_are_those_in_which_a_cut_differs(tokenizer: Tokenizer) -> None:
    cuts = pieces.segmentations(tokenizer, "The black cat sees the dog.")
    for cut in cuts[1:]:
        mine, theirs = pieces.apart(cut, cuts[0]), pieces.apart(cuts[0], cut)
        ids, best = [piece.id for piece in cut.pieces], [piece.id for piece in cuts[0].pieces]
        assert ids[: mine.start] == best[: theirs.start]
        assert ids[mine.stop :] == best[theirs.stop :]
        assert ids[mine] != best[theirs]
        shown = telling.added(tokenizer, cut, range(len(ids))[mine])
        assert all(
            f"<small>{escape(name)}</small>" in shown for name in pieces.read_as(tokenizer, cut)[mine][: telling.MOST]
        )


def test_why_not_letters_and_why_not_words(folders: Path, checkpoint: Checkpoint) -> None:
    text, tokenizer = "The black cat sees the dog.", checkpoint.tokenizer
    why, count = said(app(PAGE, text=text)), len(tokenizer.pieces(text))
    assert f"They would be <b>{len(text)}</b>, not <b>{count}</b> pieces" in why
    assert f"<b>{((len(text) + 1) / (count + 1)) ** 2:.1f}</b> times as many weights" in why
    made, cut = telling.unknown(tokenizer, [piece.piece for piece in tokenizer.pieces(text)])
    assert made in ("blacksees", "seesblack", "theblack")
    assert "".join(piece.piece for piece in cut).replace("▁", "") == made
    assert f"<b>{made}</b>" in why
    assert telling.unknown(tokenizer, ["▁dog", "."]) == ("", ())


def test_what_has_no_probability_of_its_own_is_not_certain(tokenizer: Tokenizer) -> None:
    """The logarithm of 1 is 0: for bytes and given endings it would say that they are certain."""
    text = "I don't 한"
    cut = tokenizer.segmentations(text, 1)[0]
    for found in (pieces.vocabulary_table(tokenizer, "")[1], pieces.piece_table(tokenizer, cut, text)[1]):
        scores = [row[2] if len(row) == 4 else row[-1] for row in found]
        assert None in scores
        assert all(score is None or score < 0 for score in scores)


@pytest.mark.parametrize("asked", [
    {"side": "target", "piece": "0"}, {"special": "false"}, {"target": "mine", "french": "한 <b>x</b>", "side": "target"}, {"cut": "x"},
    {"source": "none", "piece": "none"}, {"text": "A"},
], ids=str)  # fmt: skip
def test_whatever_is_asked_for(folders: Path, asked: dict[str, str]) -> None:
    test = app(PAGE, **{"text": "The black cat sees the dog."} | asked)
    assert trouble(test) == []
    assert pictures(test) >= 2


def test_signs_of_several_bytes_are_told_once(folders: Path) -> None:
    test = app(PAGE, text="I like \uae40\uce58.")
    assert trouble(test) == []
    assert "<b>\uae40\uce58</b>" in seen(test)


def test_a_single_piece_is_told_as_one(folders: Path) -> None:
    assert "1 pieces" not in " ".join(html(app(PAGE, text="dog")))
