"""The sizes of the relatives."""

from dataclasses import dataclass
from typing import ClassVar, Self

from transformer.config import Config, Sizes, names

CELLS = {"tanh": "tanh", "gru": "gru", "lstm": "lstm", "bahdanau": "gru"}  # by kind; Luong's are all LSTMs
GATES = {"tanh": 1, "gru": 3, "lstm": 4}  # rows of W and U, in widths of the state


@dataclass(frozen=True, kw_only=True)
class RecurrentSizes(Sizes):
    """What has to be known to build a recurrent translator: `d_model` is the width of a piece's vector, and of the state."""

    model: str = "gru"  # a key of `relatives.MODELS`

    WORDS: ClassVar[tuple[str, ...]] = ("model",)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.model == "bahdanau" and self.d_model % 2:
            raise ValueError(f"d_model ({self.d_model}) must be even: half of it reads forwards, half backwards.")

    @classmethod
    def instead(cls, kind: str, config: Config) -> Self:
        """In place of a Transformer of `config`, as wide as it is."""
        return cls(
            model=kind, vocabulary_size=config.vocabulary_size, d_model=config.d_model, dropout=config.dropout,
            max_positions=config.max_positions, padding_id=config.padding_id, start_id=config.start_id, end_id=config.end_id,
        )  # fmt: skip

    @property
    def cell(self) -> str:
        """Which cell: tanh, gru or lstm."""
        return CELLS.get(self.model, "lstm")

    @property
    def parameters(self) -> int:
        """How many numbers a model of these sizes learns."""
        d, gates = self.d_model, GATES[self.cell]
        matrix = self.vocabulary_size * d
        if self.model in GATES:  # W, U and a bias for each gate, twice; the readout
            return matrix + 2 * (gates * d * (2 * d) + 2 * gates * d) + d * d + d
        if self.model == "bahdanau":
            encoder = 2 * (gates * d // 2 * (d + d // 2) + 2 * gates * (d // 2))
            decoder = gates * d * (3 * d) + 2 * gates * d  # it reads a piece and a context
            start, looks, writes = d // 2 * d + d, 2 * d * d + d + d, 3 * d * d + d
            return matrix + encoder + decoder + start + looks + writes
        halves, readout = 2 * (gates * d * (2 * d) + 2 * gates * d), 2 * d * d + d
        scores = {
            "luong-dot": 0,
            "luong-general": d * d,
            "luong-concat": 2 * d * d + d + d,
            "luong-local": 2 * d * d + d,
        }
        return matrix + halves + readout + scores[self.model]


@dataclass(frozen=True, kw_only=True)
class ScoreSizes(Config):
    """The sizes of a Transformer whose heads score otherwise."""

    model: str = "additive"  # a key of `relatives.MODELS`

    WORDS: ClassVar[tuple[str, ...]] = ("model",)

    @classmethod
    def instead(cls, kind: str, config: Config) -> Self:
        """In place of a Transformer of `config`, with all of its sizes."""
        return cls(model=kind, **{name: getattr(config, name) for name in names(Config)})

    @property
    def parameters(self) -> int:
        """How many numbers a model of these sizes learns: one more for each number of a query, if the score is additive."""
        attentions = self.encoder_layers + 2 * self.decoder_layers
        return super().parameters + (attentions * self.d_model if self.model == "additive" else 0)
