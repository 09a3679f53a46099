"""A model that goes on with another vocabulary: each new piece begins with what the model knows of the old ones.

Everything but the embedding matrix stays. Its row of a piece that was in the old vocabulary is the old row; of one that is new the
mean of the rows of the old pieces that it is made of ("fast vocabulary transfer", Gee et al. 2022, arXiv 2402.09977), looked for in
small letters too: `▁WHERE` begins as `▁where`.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from transformer.tokenizer import Tokenizer


def matrix(old: Tensor, before: Tokenizer, after: Tokenizer, seed: int) -> Tensor:
    """The embedding matrix `(new piece, width)` for the vocabulary `after`, from `old`, the one `(old piece, width)` for `before`.

    A piece of which the old vocabulary knows no part gets random numbers as small as those of an untrained model.
    """
    known = {piece.piece: piece.id for piece in before.vocabulary()}
    chance = torch.Generator().manual_seed(seed)
    fresh = torch.empty(len(after), old.shape[1]).normal_(std=old.shape[1] ** -0.5, generator=chance)
    for piece in after.vocabulary():
        if made_of := parts(piece.piece, known):
            fresh[piece.id] = old[made_of].mean(dim=0)
    return fresh


def parts(piece: str, known: Mapping[str, int]) -> list[int]:
    """The ids of the old pieces that `piece` is made of: itself, itself in small letters, or else the longest ones that fit."""
    for form in (piece, piece.lower(), piece.capitalize(), piece[:1] + piece[1:].capitalize()):
        if form in known:
            return [known[form]]
    found, rest = [], piece.lower()
    while rest:
        longest = next((end for end in range(len(rest), 0, -1) if rest[:end] in known), 0)
        if longest:
            found.append(known[rest[:longest]])
        rest = rest[longest or 1 :]
    return found
