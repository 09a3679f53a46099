"""The numbers of the form: their names, their bounds, and what each is for."""

from collections.abc import Callable
from dataclasses import dataclass

from transformer.training.presets import Number
from transformer.training.recipe import Recipe
from ui.text import translate as _

STARTS: dict[str, Number] = {"epochs": 4, "minutes": 1.5, "pairs": 20_000}  # of what a recipe need not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A number that `python -m transformer train` takes."""

    label: Callable[[], str]
    help: Callable[[], str] = str
    low: Number
    high: Number
    step: Number
    usual: Number = 0
    format: str | None = None

    def exact(self, value: Number) -> Number:
        """The value as this field takes it: within its bounds, whole if the field is."""
        kind = type(self.low)
        return kind(min(self.high, max(self.low, value)))


def field(
    option: str, label: Callable[[], str], low: Number, high: Number, step: Number, help: Callable[[], str] = str
) -> Field:
    """A field with its usual value."""
    kind, form, usual = type(low), None, getattr(Recipe, option.replace("-", "_"))
    if kind is float:
        form = "%.4f" if step < 0.01 else "%.2f" if step < 0.1 else "%.1f"
    return Field(
        label=label, help=help, low=low, high=high, step=step, usual=kind(STARTS.get(option, usual)), format=form
    )


FIELDS = {
    "epochs": field("epochs", lambda: _("Epochs"), 0.1, 1000.0, 0.5, lambda: _("One epoch is once through all pairs.")),
    "minutes": field("minutes", lambda: _("Minutes"), 0.1, 600.0, 0.5),
    "pairs": field("pairs", lambda: _("Pairs"), 100, 1_000_000, 5000, lambda: _("So many pairs of the corpus, spread over all of it.")),
    "d-model": field("d-model", lambda: "d_model", 2, 1024, 16, lambda: _("The width of a piece's vector.")),
    "heads": field("heads", lambda: _("Heads"), 1, 32, 1, lambda: _("They divide d_model between them.")),
    "layers": field("layers", lambda: _("Layers"), 1, 12, 1, lambda: _("Of the encoder, and as many of the decoder.")),
    "d-ff": field("d-ff", lambda: _("Feed-forward"), 1, 8192, 64, lambda: _("The inner width of the feed-forward networks.")),
    "peak-rate": field("peak-rate", lambda: _("Peak learning rate"), 0.0001, 0.1, 0.0005),
    "warm-up": field("warm-up", lambda: _("Warm-up, at most"), 1, 100_000, 100, lambda: _("Steps; or a tenth of the run, if that is shorter.")),
    "cool-down": field("cool-down", lambda: _("Cool-down, share"), 0.0, 1.0, 0.1, lambda: _("The last share of the run: the rate falls to 0.")),
    "dropout": field("dropout", lambda: _("Dropout"), 0.0, 0.9, 0.05),
    "label-smoothing": field("label-smoothing", lambda: _("Label smoothing"), 0.0, 0.9, 0.05),
    "vocabulary-size": field("vocabulary-size", lambda: _("Vocabulary"), 400, 32_000, 200, lambda: _("Pieces that the tokenizer may learn.")),
    "batch-tokens": field("batch-tokens", lambda: _("Batch, pieces"), 32, 20_000, 100),
    "seed": field("seed", lambda: _("Seed"), 0, 1_000_000, 1, lambda: _("The same seed, the same run.")),
}  # fmt: skip
SIZES = ("d-model", "heads", "layers", "d-ff")
RATES = ("peak-rate", "warm-up", "cool-down")
FOLDED = ("dropout", "label-smoothing", "vocabulary-size", "batch-tokens", "seed")


def key_of(option: str) -> str:
    """Where its value is kept, in session state and in the address."""
    return "train_" + option.replace("-", "_")
