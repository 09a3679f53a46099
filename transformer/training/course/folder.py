"""A training with its folder, whatever learns: every figure on record, snapshots on the way, all of it resumable.

What a kind of training adds are four methods: `learn` (its steps), `validate` (its figures on held-out examples), `write` (its checkpoint)
and how it begins.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing, nullcontext
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from lightning_fabric import Fabric
from torch import nn

from transformer import checkpoint
from transformer.checkpoint import CheckpointError
from transformer.training.card import machine
from transformer.training.course.descent import CLIP, Progress, by_matrix
from transformer.training.course.state import alone, saved_position
from transformer.training.history import Entry, Gradients, History, Pace
from transformer.training.recipe import Schedule

STATE = "state.safetensors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Figures on held-out examples, for those who read them; empty if none were taken."""

    card: dict[str, Any] = field(default_factory=dict)
    curves: dict[str, float] = field(default_factory=dict)  # of TensorBoard, by name
    entry: dict[str, Any] = field(default_factory=dict)  # fields of a history's `Entry`


@dataclass(kw_only=True)
class Course:
    """A folder, a schedule and a model on its way."""

    folder: Path
    recipe: Schedule
    model: nn.Module
    card: dict[str, Any]
    fabric: Fabric = field(init=False)
    leads: bool = field(init=False)  # whether this is the process that writes
    kept: ClassVar[checkpoint.Kept] = staticmethod(checkpoint.halved)  # what is kept of a model
    unit: ClassVar[str] = "tokens"  # of what speed counts

    def learn(self, begin: Callable[[], object]) -> Generator[Progress]:
        """The steps, to the end of the recipe; `begin` is called before the first."""
        raise NotImplementedError

    def validate(self) -> Measured:
        """Figures on held-out examples, at this moment."""
        raise NotImplementedError

    def write(self) -> None:
        """Write the checkpoint as it stands, with `card`."""
        raise NotImplementedError

    def reports(self, stop: Callable[[], bool]) -> Iterator[Entry]:
        """Train to the end, or until `stop()`. The checkpoint is kept before the state is, and at the end.

        Raises `CheckpointError` if another training writes to the folder, `OSError` if the disk takes no more.
        """
        with alone(self.folder) if self.leads else nullcontext():
            yield from self.steps(stop)

    def steps(self, stop: Callable[[], bool]) -> Iterator[Entry]:
        """The steps of `reports`."""
        begun = saved_position(self.folder / STATE, self.model).step
        if self.leads:
            self.forget_after(begun)
        history = History(self.folder, begun) if self.leads else None
        new = not (self.folder / STATE).exists()  # a resumed run has one, and its model is not loaded yet

        def begin() -> None:
            if new:
                self.keep()
            if new and self.recipe.snapshots:
                self.keep_snapshot(0)

        steps = self.learn(begin)
        pace, log = Pace(history.last if history else None), self.logger()
        with closing(steps):
            for progress in steps:
                pace.add(progress.loss, progress.tokens)
                ends = progress.share >= 1
                found = self.validate() if progress.snapshot or ends else Measured()
                log(progress, found)
                if progress.due or ends:
                    self.keep(progress, found)
                if progress.snapshot:
                    self.keep_snapshot(progress.position.step)
                entry = entry_of(progress, pace, found)
                if history:
                    history.add(entry)
                    history.look(entry.step, entry.share, partial(gradients_of, progress))
                yield entry
                if self.fabric.broadcast(stop()):
                    steps.close()
                    self.keep(progress)
                    return

    def forget_after(self, step: int) -> None:
        """Remove snapshots of steps that were lost in a crash, or of an earlier run in this folder."""
        for moment in checkpoint.moments(self.folder):
            if moment > step:
                checkpoint.snapshot_file(self.folder, moment).unlink(missing_ok=True)

    def keep_snapshot(self, step: int) -> None:
        """Keep the weights of this moment, with what the card says of it."""
        if self.leads:
            names = ("epochs", "steps", "seconds", "loss", "validation")
            facts = {name: self.card["training"][name] for name in names if step and name in self.card["training"]}
            checkpoint.save_snapshot(self.folder, self.model, step, {"steps": step} | facts, type(self).kept)

    def keep(self, progress: Progress | None = None, found: Measured | None = None) -> None:
        """Write the checkpoint as it stands."""
        if not self.leads:
            return
        processes = {"processes": self.fabric.world_size, "device": self.fabric.device.type}
        training = self.card["training"] | {"recipe": asdict(self.recipe), "machine": machine() | processes}
        if progress:
            where = progress.position
            training |= {
                "epochs": where.epoch + 1,
                "steps": where.step,
                "seconds": round(where.seconds, 1),
                "loss": round(progress.loss, 4),
            }
        if found and found.card:
            training["validation"] = found.card
        self.card = {**self.card, "training": training}
        self.write()

    def logger(self) -> Callable[[Progress, Measured], None]:
        """Writes TensorBoard event files into the folder, from the first process."""
        if not self.leads:
            return lambda _progress, _found: None
        from torch.utils.tensorboard import SummaryWriter

        writer = SummaryWriter(str(self.folder))

        def log(progress: Progress, found: Measured) -> None:
            curves = {
                "loss": progress.loss,
                "learning rate": progress.learning_rate,
                "gradient norm": progress.gradient_norm,
            }
            curves |= {f"validation/{name}": value for name, value in found.curves.items()}
            for name, value in curves.items():
                writer.add_scalar(name, value, progress.position.step)

        return log


def refuse_taken(folder: Path) -> None:
    """Raises `CheckpointError` if the folder already holds a model."""
    if (folder / STATE).exists() or (folder / checkpoint.CARD).exists():
        raise CheckpointError(f"{folder} already holds a model. Go on with --resume {folder}, or choose another --out.")


def gradients_of(progress: Progress) -> Gradients:
    """The sizes of the gradients of a step, for the history."""
    norm = progress.gradient_norm
    return Gradients(
        step=progress.position.step, share=progress.share, norm=norm, clipped=norm > CLIP, parts=by_matrix(progress.sizes)
    )  # fmt: skip


def entry_of(progress: Progress, pace: Pace, found: Measured) -> Entry:
    """The figures as of now, for the history."""
    seconds = progress.position.seconds
    return Entry(
        step=progress.position.step, epoch=progress.position.epoch + 1, share=progress.share, seconds=seconds,
        loss=pace.loss, learning_rate=progress.learning_rate, gradient_norm=progress.gradient_norm,
        tokens_per_second=pace.speed, seconds_left=seconds * (1 - progress.share) / max(progress.share, 1e-9),
        snapshot=progress.snapshot, **found.entry,
    )  # fmt: skip
