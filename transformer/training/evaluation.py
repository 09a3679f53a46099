"""How good a model is: BLEU, chrF and exact matches of its translations, and the alignment error rate of its heads.

BLEU (Papineni et al. 2002) and chrF (Popović 2015) are sacrebleu's, with the signature that says how they were computed
(Post 2018, arXiv 1804.08771). All shares are per cent, 0 to 100, but for the alignment error rate, which is 0 to 1.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import torch
from sacrebleu.metrics import BLEU, CHRF
from torch import Tensor

from transformer.corpora import Pair, references, words
from transformer.decoding.batch import beam_batch
from transformer.decoding.search import LENGTH_PENALTY
from transformer.text import clean
from transformer.tokenizer import Tokenizer
from transformer.translator import Translator

Span = tuple[int, int]  # first character, and the one after the last
Link = tuple[int, ...]  # source word, target word; before them the sentence, where there are several


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Per cent, 0 to 100. Many English sentences have several French translations that are right."""

    bleu: float  # against the first reference of each sentence
    chrf: float  # against the first reference of each sentence
    bleu_all: float  # against all references
    chrf_all: float  # against all references
    exact_match: float  # translations that are one of the references, letter by letter
    signature: str  # sacrebleu's, of `bleu`
    sentences: int  # distinct English sentences


def evaluate(
    model: Translator, tokenizer: Tokenizer, pairs: Iterable[Pair], beam: int = 1,
    length_penalty: float = LENGTH_PENALTY, progress: Callable[[int], object] = lambda _: None,
) -> Scores:  # fmt: skip
    """Translate each distinct English sentence of `pairs` and compare with its references.

    A model in training mode is put back into it. `progress` hears how many sentences each batch had. Raises
    `ValueError` if there are no pairs, or if a sentence is empty or too long for the model.
    """
    expected = references(pairs)
    if not expected:
        raise ValueError("There are no sentences to evaluate: the corpus or the split of it that was chosen is empty.")
    training = model.training
    model.eval()
    try:
        sources = [tokenizer.encode(sentence) for sentence in expected]
        found = beam_batch(model, sources, width=beam, length_penalty=length_penalty, progress=progress)
    finally:
        model.train(training)
    return scores([tokenizer.decode(ids) for ids in found], list(expected.values()))


def scores(translations: Sequence[str], expected: Sequence[Sequence[str]]) -> Scores:
    """Compare `translations` with the references `expected` of each, best known first; all in their one form (`clean`)."""
    translations, expected = [*map(clean, translations)], [[*map(clean, each)] for each in expected]
    first, all_of_them = [[each[0] for each in expected]], reference_streams(expected)
    bleu, chrf = BLEU(), CHRF()
    return Scores(
        bleu=bleu.corpus_score(translations, first).score,
        signature=str(bleu.get_signature()),
        chrf=chrf.corpus_score(translations, first).score,
        bleu_all=BLEU().corpus_score(translations, all_of_them).score,
        chrf_all=CHRF().corpus_score(translations, all_of_them).score,
        exact_match=exact_match(translations, expected),
        sentences=len(translations),
    )


def reference_streams(expected: Sequence[Sequence[str]]) -> list[list[str | None]]:
    """sacrebleu's shape: all first references, all second references, ...; `None` where a sentence has no more."""
    most = max(len(each) for each in expected)
    return [[each[place] if place < len(each) else None for each in expected] for place in range(most)]


def exact_match(translations: Sequence[str], expected: Sequence[Sequence[str]]) -> float:
    """Per cent of the translations that are one of their references, both in their one form (`clean`)."""
    hits = (
        clean(translation) in {clean(reference) for reference in each}
        for translation, each in zip(translations, expected, strict=True)
    )
    return 100 * sum(hits) / len(translations)


def bleu_counts(translation: str, reference: str) -> tuple[int, ...]:
    """What BLEU counts in one sentence: n-grams that match and all of them, each for n = 1 to 4, then both lengths in words.

    The BLEU of any set of sentences is `bleu_of` the sums of these.
    """
    found = BLEU().corpus_score([clean(translation)], [[clean(reference)]])
    return (*found.counts, *found.totals, found.sys_len, found.ref_len)


def bleu_of(sums: Sequence[float]) -> float:
    """The BLEU of a set of sentences whose `bleu_counts` sum up to these."""
    *grams, written, expected = (int(each) for each in sums)
    half = len(grams) // 2
    return float(
        BLEU.compute_bleu(grams[:half], grams[half:], sys_len=written, ref_len=expected, smooth_method="exp").score
    )


def rows_that_predict(weights: Tensor) -> Tensor:
    """Of attention weights `(..., query, key)` over the start piece and n pieces: the n rows that *predict* a piece.

    The decoder reads the target one place late: the row of piece t - 1 (for the first, of the start piece) predicts
    piece t. The last row predicts the end piece and is left out.
    """
    return weights[..., :-1, :]


def rows_that_read(weights: Tensor) -> Tensor:
    """Of attention weights `(..., query, key)` over the start piece and n pieces: the n rows that *read* a piece."""
    return weights[..., 1:, :]


def overlap(text: str, pieces: Sequence[Span]) -> Tensor:
    """`(word, piece)`: 1 where the piece has a character of the word, 0 elsewhere; words are those of `clean(text)`."""
    spans = words(clean(text))
    return torch.tensor([[float(begin < end and start < stop) for begin, stop in pieces] for start, end in spans])


def proposed_links(
    weights: Tensor, source_spans: Sequence[Span], target_spans: Sequence[Span], pair: Pair
) -> set[Link]:
    """For each target word, the source word that a head looks at most, as links like those of `pair`.

    `weights (target_piece, source_piece)` of one head, the rows from `rows_that_predict` or `rows_that_read`; columns
    behind the last of `source_spans` (the end piece) belong to no word. The weights of a source word's pieces are
    summed, those of a target word's pieces averaged. The spans are those of `tokenizer.pieces`.
    """
    if weights.shape[0] != len(target_spans) or weights.shape[1] < len(source_spans):
        raise ValueError(
            f"The weights must have {len(target_spans)} rows, one per target piece, and at least {len(source_spans)} "
            f"columns, one per source piece, but they have {weights.shape[0]} and {weights.shape[1]}."
        )
    source, target = overlap(pair.source, source_spans), overlap(pair.target, target_spans)
    mean = target / target.sum(1, keepdim=True).clamp(min=1)
    by_word = mean @ weights[:, : len(source_spans)].float().cpu() @ source.T  # target word, source word
    return {(int(looked_at), word) for word, looked_at in enumerate(by_word.argmax(1))}


def alignment_error_rate(proposed: Collection[Link], gold: Collection[Link]) -> float:
    """AER = 1 - (|A ∩ S| + |A ∩ P|) / (|A| + |S|), Och & Ney 2003, Eq. 21, with all gold links sure: S = P = gold.

    0 if the links are the same, 1 if they have none in common. For a corpus, give links of (sentence, source, target).
    Raises `ValueError` if there are no links at all.
    """
    if not proposed and not gold:
        raise ValueError("There is nothing to compare: neither a proposed link nor a gold link.")
    return 1 - 2 * len(set(proposed) & set(gold)) / (len(set(proposed)) + len(set(gold)))
