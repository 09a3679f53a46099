"""The sizes of a Transformer: Table 3 of "Attention Is All You Need" (arXiv 1706.03762), one field per column."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Config:
    """What has to be known to build a model. Raises `ValueError` with a sentence naming the field that cannot be."""

    vocabulary_size: int  # rows of the one matrix shared by both embeddings and the output
    d_model: int = 256  # width of the residual stream
    heads: int = 8  # h; each works in d_k = d_v = d_model / h dimensions
    encoder_layers: int = 3  # N of the encoder stack
    decoder_layers: int = 3  # N of the decoder stack
    d_ff: int = 1024  # inner width of the feed-forward network
    dropout: float = 0.1  # P_drop
    max_positions: int = 512  # rows of the sinusoidal table
    padding_id: int = 0
    start_id: int = 1
    end_id: int = 2

    def __post_init__(self) -> None:
        for field in (
            "vocabulary_size",
            "d_model",
            "heads",
            "encoder_layers",
            "decoder_layers",
            "d_ff",
            "max_positions",
        ):
            if getattr(self, field) < 1:
                raise ValueError(f"{field} must be at least 1, but is {getattr(self, field)}.")
        if self.d_model % self.heads:
            raise ValueError(f"d_model ({self.d_model}) must be a multiple of heads ({self.heads}).")
        if self.d_model % 2:
            raise ValueError(f"d_model ({self.d_model}) must be even: sines and cosines take turns.")
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout must be at least 0 and below 1, but is {self.dropout}.")

    @property
    def d_head(self) -> int:
        """d_k = d_v: the width of one head's queries, keys and values."""
        return self.d_model // self.heads
