"""The sizes of a Transformer: Table 3 of "Attention Is All You Need" (arXiv 1706.03762), one field per column."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self


def names(sizes: type["Sizes"]) -> tuple[str, ...]:
    """The fields of a kind of sizes."""
    return tuple(field.name for field in fields(sizes))


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """What every model here has, whatever its kind. Raises `ValueError` with a sentence naming the field that cannot be."""

    vocabulary_size: int  # rows of the one matrix shared by both embeddings and the output
    d_model: int = 256  # width of a piece's vector
    dropout: float = 0.1  # P_drop
    max_positions: int = 512  # pieces of a sentence, with those at its ends
    padding_id: int = 0
    start_id: int = 1
    end_id: int = 2

    WORDS: ClassVar[tuple[str, ...]] = ()  # the fields that are words, not numbers

    def __post_init__(self) -> None:
        for field in fields(self):
            if field.name in self.WORDS:
                continue
            value, kind = getattr(self, field.name), (float, int) if field.name == "dropout" else (int,)
            if not isinstance(value, kind) or isinstance(value, bool):
                raise ValueError(f"{field.name} must be a {'' if float in kind else 'whole '}number, but is {value!r}.")
            if field.name not in ("dropout", "padding_id", "start_id", "end_id") and value < 1:
                raise ValueError(f"{field.name} must be at least 1, but is {value}.")
        special = {"padding_id": self.padding_id, "start_id": self.start_id, "end_id": self.end_id}
        if len({*special.values()}) < len(special) or not all(
            0 <= id < self.vocabulary_size for id in special.values()
        ):
            told = ", ".join(f"{name} {id}" for name, id in special.items())
            raise ValueError(
                f"The special pieces need three ids below vocabulary_size ({self.vocabulary_size}), but have {told}."
            )
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout must be at least 0 and below 1, but is {self.dropout}.")

    @classmethod
    def of(cls, card: Mapping[str, Any]) -> Self:
        """The sizes as a card tells them. Raises `ValueError` with a sentence if they are none."""
        sizes = card.get("config")
        if not isinstance(sizes, dict) or "vocabulary_size" not in sizes:
            raise ValueError("its card does not tell the sizes of a model.")
        if odd := [name for name in sizes if name not in names(cls)]:
            raise ValueError(f"its card gives a size that is not known: {odd[0][:40]!r}.")
        return cls(**sizes)

    @property
    def parameters(self) -> int:
        """How many numbers a model of these sizes learns."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Config(Sizes):
    """What has to be known to build a Transformer; `d_model` is the width of its residual stream."""

    heads: int = 8  # h; each works in d_k = d_v = d_model / h dimensions
    encoder_layers: int = 3  # N of the encoder stack
    decoder_layers: int = 3  # N of the decoder stack
    d_ff: int = 1024  # inner width of the feed-forward network

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.d_model % self.heads:
            raise ValueError(f"d_model ({self.d_model}) must be a multiple of heads ({self.heads}).")
        if self.d_model % 2:
            raise ValueError(f"d_model ({self.d_model}) must be even: sines and cosines take turns.")

    @property
    def parameters(self) -> int:
        """How many numbers a model of these sizes learns."""
        d, f = self.d_model, self.d_ff
        attention, network, norm = 4 * (d * d + d), 2 * d * f + f + d, 2 * d  # Q, K, V, O; W_1, W_2; gain, bias
        encoder, decoder = attention + network + 2 * norm, 2 * attention + network + 3 * norm
        return self.vocabulary_size * d + self.encoder_layers * encoder + self.decoder_layers * decoder

    @property
    def d_head(self) -> int:
        """d_k = d_v: the width of one head's queries, keys and values."""
        return self.d_model // self.heads
