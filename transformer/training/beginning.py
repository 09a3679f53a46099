"""What a run begins with: a new model of the recipe's kind, or one with the weights of another, for these pieces or for new ones.

A model can go on with another vocabulary. Everything but the embedding matrix stays. Its row of a piece that was in the old vocabulary
is the old row; of one that is new the mean of the rows of the old pieces that it is made of ("fast vocabulary transfer", Gee et al. 2022,
arXiv 2402.09977), looked for in small letters too: `▁WHERE` begins as `▁where`.
"""

from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import Tensor

from transformer.checkpoint import CheckpointError, Opened
from transformer.config import Config
from transformer.family import class_of
from transformer.tokenizer import Tokenizer
from transformer.training.recipe import Recipe
from transformer.translator import Translator


def fresh(recipe: Recipe, pieces: int) -> Translator:
    """A model of the recipe's kind and sizes for so many pieces, with the random weights of its seed."""
    torch.manual_seed(recipe.seed)
    made: Translator = class_of(recipe.model)(recipe.config(pieces))
    return made


def recipe_from(recipe: Recipe, base: Opened, pieces: Tokenizer) -> Recipe:
    """The recipe with kind and sizes of the checkpoint that it begins from, for these pieces.

    Raises `CheckpointError` if a recipe cannot say them, or says another kind.
    """
    config = base.model.config
    if base.kind != recipe.model != Recipe.model:
        raise CheckpointError(
            f"{base.name!r} is of the kind {base.kind!r}: training cannot go on from it as {recipe.model!r}."
        )
    common = replace(recipe, model=base.kind, vocabulary_size=len(pieces), d_model=config.d_model)
    if not isinstance(config, Config):
        return common
    if config.encoder_layers != config.decoder_layers:
        sizes = f"{config.encoder_layers} encoder and {config.decoder_layers} decoder layers"
        raise CheckpointError(f"Training cannot go on from {base.name!r}: it has {sizes}, and needs as many of each.")
    return replace(
        common, heads=config.heads, layers=config.encoder_layers, d_ff=config.d_ff, without=base.card.get("without", "")
    )


def model_from(recipe: Recipe, base: Opened, pieces: Tokenizer) -> Translator:
    """A model of its own with the weights of `base`, for these pieces, and with the recipe's dropout."""
    config = replace(base.model.config, dropout=recipe.dropout, vocabulary_size=len(pieces))
    model: Translator = class_of(base.kind)(config)
    weights = base.model.state_dict()
    if recipe.new_pieces:
        weights = weights | {"matrix": matrix(weights["matrix"], base.tokenizer, pieces, recipe.seed)}
    model.load_state_dict(weights)
    return model


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
