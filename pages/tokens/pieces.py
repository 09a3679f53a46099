"""What the page about tokens tells: ways to cut a sentence, what each piece stands for, what is in the vocabulary."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from figures.labels import label
from transformer.text import clean
from transformer.tokenizer import Piece, Segmentation, Tokenizer
from ui.show.prose import tex
from ui.text import translate as _

Table = tuple[list[str], list[list[Any]]]  # the names of the columns, and the rows


def segmentations(tokenizer: Tokenizer, text: str, count: int = 8) -> list[Segmentation]:
    """The most probable ways to cut `text`, best first; fewer if there are fewer, and none twice."""
    found = {tuple(piece.id for piece in cut.pieces): cut for cut in tokenizer.segmentations(text, count)}
    return list(found.values())


def read_as(tokenizer: Tokenizer, cut: Segmentation) -> list[str]:
    """Each piece as its chip says it: a byte with the sign that it is a part of, `€ 1/3`."""
    return [label(name) for name in tokenizer.spelled([piece.id for piece in cut.pieces])]


def written(tokenizer: Tokenizer, cut: Segmentation) -> str:
    """A segmentation as people read it: `The | cat | s`."""
    return " | ".join(read_as(tokenizer, cut))


def differing(tokenizer: Tokenizer, cut: Segmentation, best: Segmentation) -> str:
    """Only the pieces in which a cut differs from the best one: `… ca | ·t …`."""
    mine, other = list(cut.pieces), list(best.pieces)
    before = after = 0
    while before < min(len(mine), len(other)) and mine[before].id == other[before].id:
        before += 1
    while min(len(mine), len(other)) - after > before and mine[-1 - after].id == other[-1 - after].id:
        after += 1
    end = len(mine) - after
    text = " | ".join(read_as(tokenizer, cut)[before:end])
    return f"{'… ' if before else ''}{text}{' …' if after else ''}"


def described(names: Sequence[str], shares: Iterable[float]) -> str:
    """The picture of the segmentations in words."""
    return "; ".join(f"{name}: {share:.3g}" for name, share in zip(names, shares, strict=True))


def cut_table(cuts: Sequence[Segmentation], names: Sequence[str]) -> Table:
    """The segmentations with their log-probabilities."""
    rows = [
        [place, name, len(cut.pieces), cut.score] for place, (cut, name) in enumerate(zip(cuts, names, strict=True), 1)
    ]
    return [_("Rank"), _("Cut"), _("Pieces"), _("Log-probability")], rows


def piece_table(tokenizer: Tokenizer, cut: Segmentation, text: str) -> Table:
    """The pieces of a sentence: which characters each stands for, its id and its score."""
    signs = clean(text)
    rows = [
        [
            place,
            reads,
            piece.piece,
            piece.id,
            signs[piece.start : piece.end],
            piece.start,
            piece.end,
            piece.score,
        ]
        for place, (piece, reads) in enumerate(zip(cut.pieces, read_as(tokenizer, cut), strict=True))
    ]
    columns = [
        _("Position"),
        _("Reads"),
        _("Piece"),
        _("Id"),
        _("Stands for"),
        _("From character"),
        _("To"),
        _("Log-probability"),
    ]
    return columns, rows


def vocabulary_table(tokenizer: Tokenizer, wanted: str) -> Table:
    """The pieces that contain `wanted`, or that have it as their id."""
    rows = [
        [piece.id, piece.piece, piece.score, kind(piece)] for piece in vocabulary(tokenizer) if matches(piece, wanted)
    ]
    return [_("Id"), _("Piece"), _("Log-probability"), _("Kind")], rows


def vocabulary(tokenizer: Tokenizer) -> list[Piece]:
    """All pieces."""
    return tokenizer.vocabulary()


def matches(piece: Piece, wanted: str) -> bool:
    """Whether the learner may have meant this piece. A space means the beginning of a word."""
    return wanted.replace(" ", "▁").casefold() in piece.piece.casefold() or wanted == str(piece.id)


def kind(piece: Piece) -> str:
    """What sort of piece it is."""
    return _("special") if piece.is_special else _("byte") if piece.is_byte else _("text")


def values(tokenizer: Tokenizer, cuts: Sequence[Segmentation]) -> dict[str, str]:
    """What the lesson tells of the best cut, and of the next."""
    best, scores = cuts[0], [piece.score for piece in cuts[0].pieces]
    some, more = scores[:4], len(scores) > 4
    parts = [f"{score:.2f}" for score in some] + ["…"] * more
    terms = [rf"\log p({tex(piece.piece)})" for piece in best.pieces[:4]] + [r"\dots"] * more
    second = cuts[1].score if len(cuts) > 1 else None
    return {
        "pieces": str(len(scores)), "score": f"{best.score:.2f}", "sum": " + ".join(parts).replace("+ -", "− "),
        "second": _("(there is none)") if second is None else f"{second:.2f}",
        "ratio": "0" if second is None else f"{math.exp(second - best.score):.3g}",
        "vocabulary": f"{len(tokenizer):,}", "formula": " + ".join(terms),
    }  # fmt: skip
