"""How a run went, written while it goes: one JSON object a line in `history.jsonl`, at least every half second.

The app's live view reads it, and so can anything else; nobody has to ask the process that trains. The sizes of the gradients have lines
of their own, fewer of them: code that does not know them passes them over, as this code does with what it does not know.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from transformer.checkpoint import replacing

FILE = "history.jsonl"
KEEP = 0.98  # the weight of a step's loss in the mean, relative to the step after it
EVERY = 0.5  # seconds of training between two lines
LOOKS = 150  # lines about gradients in a whole run, and more while it is young: each a tenth of the steps after the one before
YOUNG = 1.1
DIGITS = 4  # of a gradient's norm


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One moment of a run. What is measured on held-out pairs is there at the snapshots only."""

    step: int
    epoch: int  # counted from 1
    share: float  # of the whole run, 0 to 1
    seconds: float  # of training so far
    loss: float  # of training, smoothed over the last steps, nats per piece
    learning_rate: float
    gradient_norm: float
    tokens_per_second: float
    seconds_left: float
    validation_loss: float | None = None  # nats per piece, label-smoothed as the training loss is
    bleu: float | None = None  # per cent
    exact_match: float | None = None  # per cent
    measured: Mapping[str, float] | None = None  # of a model that is no translator: the first is the figure that counts
    snapshot: bool = False  # whether the weights of this moment were kept

    def line(self, unit: str = "tokens") -> str:
        """One line for a terminal."""
        left = f"{int(self.seconds_left // 60)}:{int(self.seconds_left % 60):02d}"
        speed = f"{self.tokens_per_second:,.0f} {unit}/s"
        return f"epoch {self.epoch}, step {self.step}, loss {self.loss:.3f}, {speed}, {left} left"

    def figures(self) -> str:
        """What was measured on held-out examples, for a terminal; "" if nothing was."""
        if self.bleu is not None:
            return f"BLEU {self.bleu:.1f}, exact match {self.exact_match:.1f} %"
        return ", ".join(f"{name.replace('_', ' ')} {value:.1f}" for name, value in (self.measured or {}).items())


KNOWN = {field.name for field in fields(Entry)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gradients:
    """The norm of the gradient at one step, of each matrix, before it was clipped."""

    step: int
    share: float  # of the whole run, 0 to 1
    norm: float  # of all together
    clipped: bool  # whether that was too long
    parts: Mapping[str, float]  # by the name of the module in the model, such as `encoder_layers.0.self_attention.W_Q`

    def line(self) -> str:
        """As it stands in the file: under a key that no entry has."""
        parts = {name: float(f"{size:.{DIGITS}g}") for name, size in self.parts.items()}
        return json.dumps({"gradients": asdict(self) | {"parts": parts}}, separators=(",", ":")) + "\n"


class History:
    """Writes the entries of a run into its folder, those that are due."""

    def __init__(self, folder: Path, step: int = 0) -> None:
        """Go on with the history in `folder`; what it says beyond `step` belongs to steps that were lost in a crash."""
        self.path, self.written = folder / FILE, float("-inf")
        known = [entry for entry in read(folder) if entry.step <= step] if step else []
        looks = [look for look in gradients(folder) if look.step <= step] if step else []
        self.last = known[-1] if known else None
        self.looked = (looks[-1].step, looks[-1].share) if looks else (0, -1.0)
        lines = [(entry.step, _line(entry)) for entry in known] + [(look.step, look.line()) for look in looks]
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(self.path) as part:
            part.write_text("".join(line for _, line in sorted(lines, key=lambda each: each[0])), encoding="utf-8")

    def add(self, entry: Entry) -> None:
        """Write `entry` if a snapshot was taken, the run is over, or the last one is half a second old."""
        if entry.snapshot or entry.share >= 1 or entry.seconds - self.written >= EVERY:
            self.written = entry.seconds
            with self.path.open("a", encoding="utf-8") as file:
                file.write(_line(entry))

    def look(self, step: int, share: float, gradients: Callable[[], Gradients]) -> None:
        """Write the gradients of a step, if it is time to look at them."""
        before = self.looked
        if step >= YOUNG * before[0] + 1 or share - before[1] >= 1 / LOOKS or share >= 1:
            self.looked = step, share
            with self.path.open("a", encoding="utf-8") as file:
                file.write(gradients().line())


class Pace:
    """Smooths loss and speed over the last steps; `before` is where a run that goes on had come to."""

    def __init__(self, before: Entry | None = None) -> None:
        self.started, self.tokens, self.loss = time.monotonic(), 0, float("nan")
        self.weight = (1 - KEEP**before.step) / (1 - KEEP) if before else 0.0
        self.sum = before.loss * self.weight if before else 0.0

    def add(self, loss: float, tokens: int) -> None:
        """Take in one step. The loss is the mean of the last steps, each weighing 0.98 of the one after it: also of the first few."""
        self.tokens += tokens
        self.sum, self.weight = KEEP * self.sum + loss, KEEP * self.weight + 1
        self.loss = self.sum / self.weight

    @property
    def speed(self) -> float:
        """Pieces a second since it began."""
        return self.tokens / max(time.monotonic() - self.started, 1e-9)


def read(folder: Path) -> list[Entry]:
    """The entries of the run in `folder`, the first first; none if it left none. Lines that are no entry are passed over."""
    try:
        lines = (folder / FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [entry for line in lines if (entry := _entry(line))]


def gradients(folder: Path) -> list[Gradients]:
    """What was written about gradients, the first first; none if the run was trained by older code."""
    try:
        lines = (folder / FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [found for line in lines if line.startswith('{"gradients"') and (found := _gradients(line))]


def _entry(line: str) -> Entry | None:
    """An entry, from code of any age: what this code does not know is left out."""
    try:
        told = json.loads(line)
        return Entry(**{name: value for name, value in told.items() if name in KNOWN})
    except (ValueError, TypeError, AttributeError):
        return None  # the last line may be written at this very moment


def _gradients(line: str) -> Gradients | None:
    try:
        told = json.loads(line)["gradients"]
        found = Gradients(**{field.name: told[field.name] for field in fields(Gradients)})
        numbers = [found.step, found.share, found.norm, *found.parts.values()]
        return found if all(isinstance(each, int | float) for each in numbers) and found.parts else None
    except (ValueError, TypeError, AttributeError, KeyError):
        return None


def _line(entry: Entry) -> str:
    return json.dumps(asdict(entry)) + "\n"
