"""How to train: every choice that is made before the first step, and nothing else."""

from dataclasses import dataclass, field

from transformer.config import Config, Sizes
from transformer.family import TRANSFORMER, check, sized, transforms
from transformer.training.batches import Variation

SPACING = 1.6  # of snapshots: with 1 they would lie evenly
BEHIND = 0.05  # share of a run


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How long and how fast: what every training has, whatever it trains. It ends after `minutes` or `epochs`, whichever comes first.

    Sources: section 5.3 of arXiv 1706.03762 (Adam, warm-up); the cool-down at the end is that of arXiv 2405.18392, and stands in for the
    paper's averaging of its last checkpoints.
    """

    minutes: float | None = None
    epochs: float | None = None
    peak_rate: float = 1.4e-3  # learning rate at the end of the warm-up
    warm_up: int = 2000  # steps, or a tenth of the run if that is shorter
    cool_down: float = 0.3  # the last share of the run, in which the learning rate falls to 0
    snapshots: int = 20  # weights kept on the way, that of the beginning and that of the end among them
    seed: int = 1

    def __post_init__(self) -> None:
        if self.minutes is None and self.epochs is None:
            raise ValueError("Say when to stop: minutes or epochs.")
        for name in ("minutes", "epochs", "peak_rate", "warm_up"):
            if (value := getattr(self, name)) is not None and value <= 0:
                raise ValueError(f"{name} must be above 0, but is {value}.")
        if self.snapshots < 0:
            raise ValueError(f"snapshots must be 0 or more, but is {self.snapshots}.")
        if not 0 <= self.cool_down <= 1:
            raise ValueError(f"cool_down is a share and must be from 0 to 1, but is {self.cool_down}.")

    def share_done(self, seconds: float, epochs: float) -> float:
        """How much of the run is over, from 0 to 1, after so many seconds and (parts of) epochs.

        If both are bounded, the clock begins `BEHIND` and catches up towards the end, so that it says nothing in a run that is well
        within its minutes: that run is the same each time.
        """
        by_time = seconds / (60 * self.minutes) if self.minutes else 0.0
        by_epochs = epochs / self.epochs if self.epochs else 0.0
        if self.minutes and self.epochs:
            by_time -= BEHIND * (1 - by_time)
        return min(1.0, max(by_time, by_epochs))

    def snapshot_due(self, before: float, now: float) -> bool:
        """Whether a snapshot is due when the run's share has grown from `before` to `now`: early ones lie closer together.

        At the shares (i / n) ** 1.6, i = 1 ... n, because most of what can be seen forms early; that of i = 0 needs no step.
        """
        count = self.snapshots - 1
        return any(before < (number / count) ** SPACING <= now for number in range(1, count + 1))

    def learning_rate(self, step: int, share: float) -> float:
        """Section 5.3, Eq. 3, scaled to `peak_rate`: linear warm-up, then 1/sqrt(step); and the cool-down on top."""
        warm = min(1.0, max(step / self.warm_up, 10 * share))
        decay: float = min(1.0, (self.warm_up / step) ** 0.5)
        cool = min(1.0, (1 - share) / self.cool_down) if self.cool_down else 1.0
        return self.peak_rate * warm * decay * cool


@dataclass(frozen=True, kw_only=True)
class Recipe(Schedule):
    """A training run of a translator. One of `minutes` and `epochs` must be given.

    Source: section 5.4 of arXiv 1706.03762 (dropout, label smoothing).
    """

    corpus: str
    model: str = (
        TRANSFORMER  # which kind: see `family.kinds`; a recurrent one takes d_model of the sizes, and one layer
    )
    base: str | None = None  # a checkpoint, by name or folder: begin with its weights, tokenizer and sizes
    new_pieces: bool = False  # with a base: its weights and sizes, but a vocabulary of this run's own
    pairs: int | None = None  # of the corpus, spread evenly over it; without it, all
    also: dict[str, int] = field(default_factory=dict)  # other corpora, and how many of their pairs each epoch
    without: str = ""  # the part that the model lacks: see `what_if.MISSING`
    vocabulary_size: int = 8000
    d_model: int = 256
    heads: int = 8
    layers: int = 3
    d_ff: int = 1024
    dropout: float = 0.1
    label_smoothing: float = 0.1
    batch_tokens: int = 3000  # pieces a side in one batch, over all processes
    longest: int = 100  # pieces a side; longer pairs are left out
    variation: Variation = field(default_factory=Variation)
    validation_pairs: int = 300

    def __post_init__(self) -> None:
        if check(self.model) != TRANSFORMER and self.without:
            raise ValueError(f"{self.without!r} is a part of a Transformer; {self.model!r} cannot be without it.")
        super().__post_init__()
        for name in ("batch_tokens", "longest", "pairs"):
            if (value := getattr(self, name)) is not None and value <= 0:
                raise ValueError(f"{name} must be above 0, but is {value}.")
        if self.new_pieces and not self.base:
            raise ValueError("new_pieces takes the place of the pieces of a base, but there is none.")

    def config(self, vocabulary_size: int) -> Sizes:
        """The sizes of the model to train, for a tokenizer of that many pieces."""
        heads = self.heads if transforms(self.model) else 1
        config = Config(
            vocabulary_size=vocabulary_size, d_model=self.d_model, heads=heads, encoder_layers=self.layers,
            decoder_layers=self.layers, d_ff=self.d_ff, dropout=self.dropout,
        )  # fmt: skip
        return sized(self.model, config)
