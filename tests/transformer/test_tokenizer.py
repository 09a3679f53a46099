"""Pieces are a faithful cut of the text: nothing is lost, every piece knows its characters, and the best cut is the best."""

import unicodedata
from itertools import pairwise

import pytest
import sentencepiece
from hypothesis import example, given
from hypothesis import strategies as st

from transformer.corpora import Pair
from transformer.text import clean
from transformer.tokenizer import ENGLISH_CLITICS, SPECIAL, Piece, Tokenizer, mark, seed_sampling, word_parts

ANY_TEXT = st.text(max_size=30)
LATIN = st.text(st.characters(max_codepoint=0x17F, exclude_characters="▁"), max_size=30)
AWKWARD = (
    "½ ﬁn …", "e\u0301\u0323", "日本😀", "a\u200bb\ufeff", "\x00\x07\x1b[0m", "\ud800", "▁a▁", "<s></s><unk>", "<0xEA>", "ﷺ", "",
)  # fmt: skip


def every_text(strategy: st.SearchStrategy[str]):
    """Random texts, and those that have broken tokenizers before."""

    def decorate(test):
        for text in AWKWARD if strategy is ANY_TEXT else ():
            test = example(text=text)(test)
        return given(text=strategy)(test)

    return decorate


@pytest.fixture(scope="module")
def peer(tokenizer: Tokenizer) -> sentencepiece.SentencePieceProcessor:
    """SentencePiece itself, to compare with."""
    return sentencepiece.SentencePieceProcessor(model_proto=tokenizer.model)


@every_text(ANY_TEXT)
def test_any_text_comes_back_as_sentencepiece_normalises_it(
    tokenizer: Tokenizer, peer: sentencepiece.SentencePieceProcessor, text: str
) -> None:
    """No text is refused and none is lost, whatever it is written in: unknown characters go through their bytes."""
    normal = peer.normalize(clean(text))
    assert tokenizer.decode(tokenizer.encode(text)) == normal.replace("▁", " ").strip()


@every_text(LATIN)
def test_western_text_comes_back_as_its_nfkc(tokenizer: Tokenizer, text: str) -> None:
    """Unicode's own normal form, but for lone accents, which SentencePiece does not set on the space before them."""
    normal = unicodedata.normalize("NFKC", clean(text))
    if not any(unicodedata.combining(sign) for sign in normal):
        assert tokenizer.decode(tokenizer.encode(text)) == normal


def test_sentences_of_the_corpus_come_back_letter_by_letter(tokenizer: Tokenizer, pairs: tuple[Pair, ...]) -> None:
    for pair in pairs:
        for side in (pair.source, pair.target):
            assert tokenizer.decode(tokenizer.encode(side)) == side


@every_text(ANY_TEXT)
def test_the_best_segmentation_is_the_encoding(tokenizer: Tokenizer, text: str) -> None:
    assert [piece.id for piece in tokenizer.pieces(text)] == tokenizer.encode(text)


@every_text(ANY_TEXT)
def test_spans_tile_the_text(tokenizer: Tokenizer, text: str) -> None:
    """Each piece begins where the one before ends, or stands for the same characters; together they stand for all.

    What is left out at the ends is invisible: the text without its pieces is nothing.
    """
    text, pieces = clean(text), tokenizer.pieces(text)
    if pieces:
        assert tokenizer.encode(text[: pieces[0].start]) == tokenizer.encode(text[pieces[-1].end :]) == []
    for one, next_one in pairwise(pieces):
        assert 0 <= one.start <= one.end
        assert next_one.start == one.end or (next_one.start, next_one.end) == (one.start, one.end)


def test_a_piece_is_the_text_of_its_span(tokenizer: Tokenizer, pairs: tuple[Pair, ...]) -> None:
    for pair in pairs:
        for side in (pair.source, pair.target):
            for piece in tokenizer.pieces(side):
                if not piece.is_byte:
                    assert side[piece.start : piece.end].lstrip() == piece.piece.lstrip("▁")
                assert not piece.piece.startswith("▁") or piece.start == 0 or side[piece.start] == " "


@pytest.mark.parametrize(
    ("text", "count", "span"), [("日", 3, (0, 1)), ("a😀b", 4, (1, 2)), ("I see 日 dogs", 3, (6, 7))]
)
def test_an_unknown_character_falls_back_to_its_bytes_which_share_its_span(
    tokenizer: Tokenizer, text: str, count: int, span: tuple[int, int]
) -> None:
    found = [piece for piece in tokenizer.pieces(text) if piece.is_byte]
    assert [(piece.start, piece.end) for piece in found] == [span] * count
    assert bytes(int(piece.piece[1:-1], 16) for piece in found).decode() == text[slice(*span)]


def test_two_unknown_characters_keep_their_own_spans(tokenizer: Tokenizer) -> None:
    assert [(piece.start, piece.end) for piece in tokenizer.pieces("日本") if piece.is_byte] == [(0, 1)] * 3 + [
        (1, 2)
    ] * 3


def test_no_text_is_ever_unknown_or_special(tokenizer: Tokenizer) -> None:
    for text in AWKWARD:
        assert all(id > tokenizer.vocabulary()[3].id for id in tokenizer.encode(text))


@pytest.mark.parametrize(
    "text", ["We saw the black cat.", "We didn't see the black cat.", "L'ami de Paul n'est pas là.", "日 dog"]
)
def test_the_n_best_are_distinct_sorted_and_cut_the_same_text(tokenizer: Tokenizer, text: str) -> None:
    found = tokenizer.segmentations(text, count=13)
    scores = [each.score for each in found]
    assert 1 < len(found) <= 13
    clitics = sum(piece.score == 0 and not piece.is_byte for each in found for piece in each.pieces)
    if not clitics:
        assert scores == sorted(scores, reverse=True)
    assert len({tuple(piece.id for piece in each.pieces) for each in found}) == len(found)
    assert found[0].pieces == tokenizer.pieces(text)
    for each in found:
        assert each.score == pytest.approx(sum(piece.score for piece in each.pieces))
        assert tokenizer.decode([piece.id for piece in each.pieces]) == text


def test_the_n_best_are_sorted_even_with_clitics(tokenizer: Tokenizer) -> None:
    scores = [each.score for each in tokenizer.segmentations("L'ami de Paul n'est pas là.", count=13)]
    assert scores == sorted(scores, reverse=True)


def test_fewer_segmentations_are_the_first_of_more(tokenizer: Tokenizer) -> None:
    text = "The old woman gave me a book."
    assert tokenizer.segmentations(text, count=3) == tokenizer.segmentations(text, count=11)[:3]


def test_the_special_pieces_have_the_ids_of_the_config(tokenizer: Tokenizer) -> None:
    assert tuple(tokenizer.piece(id).piece for id in (0, 1, 2)) == SPECIAL == ("<pad>", "<s>", "</s>")
    assert [piece.id for piece in tokenizer.vocabulary() if piece.is_special] == [0, 1, 2, 3]
    assert tokenizer.decode([0, 1, *tokenizer.encode("I see."), 2, 0]) == "I see."


def test_the_vocabulary_is_every_piece_in_order(tokenizer: Tokenizer) -> None:
    vocabulary = tokenizer.vocabulary()
    assert [piece.id for piece in vocabulary] == list(range(len(tokenizer)))
    assert len({piece.piece for piece in vocabulary}) == len(vocabulary)
    assert sum(piece.is_byte for piece in vocabulary) == 256


@pytest.mark.parametrize("clitic", ENGLISH_CLITICS)
def test_an_english_clitic_is_one_piece(tokenizer: Tokenizer, clitic: str) -> None:
    text = f"They did{clitic} go."
    pieces = [text[piece.start : piece.end] for piece in tokenizer.pieces(text)]
    assert clitic in pieces


def test_n_t_is_one_piece_in_didnt(tokenizer: Tokenizer) -> None:
    assert piece_of(tokenizer, "n't", 5, 8) in tokenizer.pieces("I didn't go.")


def test_a_french_article_is_one_piece_with_its_apostrophe(tokenizer: Tokenizer) -> None:
    assert tokenizer.pieces("l'animal")[0] == piece_of(tokenizer, "▁l'", 0, 2)


def piece_of(tokenizer: Tokenizer, text: str, start: int, end: int) -> Piece:
    """The piece of the vocabulary with that text, at that place."""
    (found,) = (piece for piece in tokenizer.vocabulary() if piece.piece == text)
    return Piece(found.id, text, start, end, found.score)


def test_samples_are_repeatable_varied_and_of_the_same_text(tokenizer: Tokenizer) -> None:
    text = "The little girl reads the book to her brother."
    seed_sampling(7)
    first = [tokenizer.sample(text, alpha=0.1) for _ in range(13)]
    seed_sampling(7)
    again = [tokenizer.sample(text, alpha=0.1) for _ in range(13)]
    seed_sampling(8)
    other = [tokenizer.sample(text, alpha=0.1) for _ in range(13)]
    assert first == again != other
    assert len(set(map(tuple, first))) > 1
    assert {tokenizer.decode(ids) for ids in first} == {text}


def test_a_sample_with_a_large_alpha_is_the_best(tokenizer: Tokenizer) -> None:
    seed_sampling(1)
    assert tokenizer.sample("The cat sleeps.", alpha=100.0) == tokenizer.encode("The cat sleeps.")


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\x00\x1f", "\ud800", "\u200b", "\ufeff"])
def test_a_text_without_anything_to_see_has_no_pieces(tokenizer: Tokenizer, text: str) -> None:
    assert tokenizer.encode(text) == []
    assert tokenizer.pieces(text) == ()
    assert tokenizer.decode([]) == ""


def test_control_characters_separate_words(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("I\x00see\x1bthe\n\tdog") == tokenizer.encode("I see the dog")


def test_a_saved_model_is_the_same_model(tokenizer: Tokenizer, tmp_path) -> None:
    path = tmp_path / "tokenizer.model"
    path.write_bytes(tokenizer.model)
    assert Tokenizer.load(path).vocabulary() == tokenizer.vocabulary()


@pytest.mark.parametrize(
    "content",
    [
        b"not a model", b"\x00" * 64, b"{}", bytes(range(256)),
        b"",
    ],
)  # fmt: skip
def test_a_file_that_is_no_model_is_refused(tmp_path, content: bytes) -> None:
    path = tmp_path / "tokenizer.model"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"tokenizer.model is not a SentencePiece model"):
        Tokenizer.load(path)


def test_a_model_cut_short_is_refused(tokenizer: Tokenizer, tmp_path) -> None:
    path = tmp_path / "tokenizer.model"
    path.write_bytes(tokenizer.model[: len(tokenizer.model) // 2])
    with pytest.raises(ValueError, match="is not a SentencePiece model"):
        Tokenizer.load(path)


def test_a_missing_file_is_an_os_error(tmp_path) -> None:
    with pytest.raises(FileNotFoundError):
        Tokenizer.load(tmp_path / "tokenizer.model")


def test_too_large_a_vocabulary_is_cut_to_what_there_is(pairs: tuple[Pair, ...]) -> None:
    assert 300 < len(Tokenizer.train([pair.source for pair in pairs[:53]], 7001)) < 7001


@pytest.mark.parametrize(("sentences", "size"), [([], 600), (["", "\x00"], 600)])
def test_a_vocabulary_that_cannot_be_is_refused_in_a_sentence(sentences: list[str], size: int) -> None:
    with pytest.raises(ValueError, match=rf"^These {len(sentences)} sentences .* {size} pieces"):
        Tokenizer.train(sentences, size)


def test_the_parts_of_words_are_counted() -> None:
    parts = dict(word_parts(["à la carte", "à la mode", "il a"]))
    assert mark("à la") == "▁à▁la"
    assert parts["▁la"] == 2 * 3
    assert parts["▁à"] == 2 * 2
    assert "▁il" not in parts  # once only
    assert all(len(part) >= 2 for part in parts)
    assert list(parts.values()) == sorted(parts.values(), reverse=True)


def test_a_vocabulary_too_small_for_the_letters_says_how_large_it_has_to_be() -> None:
    sentences = ["abcdefghijklmnopqrstuvwxyz", "éèàùâêîôûçëïü"]
    with pytest.raises(ValueError, match=r"Ask for (\d+) or more\.") as refusal:
        Tokenizer.train(sentences, 300)
    enough = int(str(refusal.value).split()[-3])
    assert len(Tokenizer.train(sentences, enough)) <= enough


def test_the_same_text_gives_the_same_bytes_and_no_path_of_this_machine(pairs: tuple[Pair, ...]) -> None:
    sentences = [pair.source for pair in pairs[:200]]
    model = Tokenizer.train(sentences, 400).model
    assert model == Tokenizer.train(sentences, 400).model
    assert b".tsv" not in model


def test_bytes_are_spelled_with_the_sign_they_stand_for(tokenizer: Tokenizer) -> None:
    ids = tokenizer.encode("한 6 🦊")
    spelled = [piece for piece in tokenizer.spelled(ids) if piece.startswith("<0x")]
    assert spelled[:3] == ["<0xED 한 1/3>", "<0x95 한 2/3>", "<0x9C 한 3/3>"]
    assert [piece.split()[-1] for piece in spelled[-4:]] == ["1/4>", "2/4>", "3/4>", "4/4>"]
    broken = [id for id in ids if tokenizer.piece(id).piece in ("<0xED>", "<0x9C>")]
    assert tokenizer.spelled(broken) == ("<0xED>", "<0x9C>"), "a sign that is not whole has no name"
    assert tokenizer.spelled([]) == ()
    byte = {tokenizer.piece(id).piece: id for id in range(len(tokenizer)) if tokenizer.piece(id).is_byte}
    for cut_off in (["<0xE0>", "<0x41>"], ["<0xC3>"], ["<0xF0>", "<0x9F>", "<0x41>"], ["<0xED>", "<0x95>"]):
        assert tokenizer.spelled([byte[name] for name in cut_off]) == tuple(cut_off), (
            "nor one whose end was never written"
        )


@every_text(ANY_TEXT)
def test_spelling_changes_nothing_but_bytes(tokenizer: Tokenizer, text: str) -> None:
    ids = tokenizer.encode(text)
    for id, spelled in zip(ids, tokenizer.spelled(ids), strict=True):
        plain = tokenizer.piece(id)
        assert spelled == plain.piece or (plain.is_byte and spelled.startswith(plain.piece[:-1]))
