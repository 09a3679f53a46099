"""The tables of the page about tokens: the pieces of a sentence, and the vocabulary."""

from pages.tokens import pieces
from transformer.tokenizer import Tokenizer


def test_the_table_of_pieces_gives_the_sentence_back(tokenizer: Tokenizer) -> None:
    sentence = "The  dog\tsees 한 <b>"
    best, *_ = pieces.segmentations(tokenizer, sentence)
    columns, rows = pieces.piece_table(best, sentence)
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
