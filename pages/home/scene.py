"""The need, on the learner's sentence: a word alone does not say what it means here. And where the model looked before it wrote.

Words that are cut into pieces are joined: what several pieces of the source got is added up, what several of the translation gave is
averaged. What the end piece got is left out, so a row adds up to 1 or less.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transformer.checkpoint import Checkpoint
from ui.frame import first_line
from ui.measures.words import Words, words_of
from ui.session import chips, choice
from ui.session.walk import Walk, array, looked
from ui.text import Chip
from ui.text import translate as _

LEAST = 0.02  # of a look that is told of


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A sentence by words."""

    walk: Walk
    source: Words
    target: Words
    weights: NDArray[np.float64]  # target word, source word

    @property
    def asking(self) -> int | None:
        """The word of the translation that is chosen."""
        place = choice.piece(self.walk)
        word = None if place is None else self.target.of(place)
        return None if word is None or word >= len(self.target) else word

    @property
    def told(self) -> int:
        """The word of the source that is told of: the chosen one, or else one worth looking at."""
        place = choice.looked_at(self.walk)
        word = self.source.of(choice.telling(self.walk.source) if place is None else place)
        return min(word, len(self.source) - 1)

    def source_chip(self, word: int) -> Chip:
        """A word of the source as prose shows it."""
        return Chip(self.source.names[word], chips.source(self.walk, self.source.pieces[word][0]).colour)

    def target_chip(self, word: int) -> Chip:
        """A word of the translation as prose shows it."""
        return Chip(self.target.names[word], chips.written(self.walk, self.target.pieces[word][0]).colour)


def scene(checkpoint: Checkpoint, walk: Walk) -> Scene | None:
    """The last layer's mean look by words; `None` if there is no word on one of the sides."""
    source, target = (
        words_of(checkpoint.tokenizer, text, ids[:-1] if ids[-1] == checkpoint.model.config.end_id else ids)
        for text, ids in ((walk.source_text, walk.source_ids), (walk.target_text, walk.written_ids))
    )
    if not len(source) or not len(target):
        return None
    weights = looked(walk, walk.layers - 1, None).astype(np.float64)
    columns = np.stack([weights[:, list(pieces)].sum(1) for pieces in source.pieces], 1)
    rows = np.stack([columns[list(pieces)].mean(0) for pieces in target.pieces])
    return Scene(walk=walk, source=source, target=target, weights=rows)


def kept(shown: Scene) -> float:
    """How much a word's last piece keeps of itself on its way through the encoder: the cosine of the vector that leaves it with its row.

    The row is that of the table of embeddings, which is the same in every sentence.
    """
    place = shown.source.pieces[shown.told][-1]
    encoder = shown.walk.trace.encoder
    before, after = array(encoder.embedding.scaled[0])[place], array(encoder.output[0])[place]
    lengths = float(np.linalg.norm(before) * np.linalg.norm(after))
    return float(before @ after) / lengths if lengths else 0.0


def seen(shown: Scene) -> None:
    """The first line."""
    told = _(
        "Alone, {word} is the same row of numbers in every sentence. In yours it becomes another one: cosine {cosine}."
    )
    first_line(told, word=shown.source_chip(shown.told), cosine=f"{kept(shown):.2f}")


def view(told: dict[str, str]) -> str:
    """Which story fits: where the first layer hardly looks at another word, that is said."""
    return "around" if float(told["around_weight"]) >= LEAST else "alone"


def values(shown: Scene) -> dict[str, str]:
    """For the story: what the told word becomes, and what the model looked at before it wrote that."""
    source = shown.told
    target = shown.asking if shown.asking is not None else int(shown.weights[:, source].argmax())
    key = int(shown.weights[target].argmax())
    encoder = shown.walk.trace.encoder.layers
    place = shown.source.pieces[source][-1]
    around = array(encoder[0].self_attention.weights[0]).mean(0)[place].copy()
    words = {
        place
        for pieces, name in zip(shown.source.pieces, shown.source.names, strict=True)
        if name.isalnum()
        for place in pieces
    }
    around[[at for at in range(len(around)) if at not in words or at in shown.source.pieces[source]]] = -1
    at, most = shown.source.of(int(around.argmax())), max(0.0, float(around.max()))
    return {
        "word": shown.source_chip(source), "around": shown.source_chip(min(at, len(shown.source) - 1)),
        "around_weight": f"{most:.2f}", "rest": f"{1 - most:.2f}", "target": shown.target_chip(target),
        "key": shown.source_chip(key), "weight": f"{shown.weights[target, key]:.2f}",
    }  # fmt: skip
