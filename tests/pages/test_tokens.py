"""The tables of the page about tokens: the pieces of a sentence, and the vocabulary."""

from pages.tokens import pieces
from transformer.tokenizer import Tokenizer


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
