"""The first line, the story's numbers, and the machine as a table: what each step reads, looks at and writes."""

from figures.labels import label
from ui import frame
from ui.frame import Session
from ui.session import chips
from ui.show import sums
from ui.text import translate as _


def seen(session: Session) -> None:
    """The first line: how many pieces go in, how many come out."""
    walk = session.walk
    told = _(
        "{pieces} pieces go in at the bottom left; {written} come out at the top right, one after the other. The last word is {last}."
    )
    words = [place for place, piece in enumerate(walk.written) if label(piece)[:1].isalnum()]
    last = chips.written(walk, words[-1] if words else len(walk.written) - 1)
    frame.first_line(told, pieces=len(walk.source), written=len(walk.written), last=last)


def values(session: Session) -> dict[str, str]:
    """For the story."""
    walk = session.walk
    return {
        "pieces": str(len(walk.source)), "written": str(len(walk.written)),
        "width": str(session.checkpoint.model.config.d_model), "loss": sums.number(walk.loss),
    }  # fmt: skip
