"""Pictures of `figures/changed/switchboard.py`."""

from typing import Any

import numpy as np

from figures.changed.switchboard import Block
from tests.figures.samples import ReadBack, Sample, cells

VALUES = np.linspace(-1, 2, 15).reshape(3, 5)
FIRST = Block(
    name="Encoder <b>", number=0, values=VALUES[:1], texts=(("on", "<i>", "on", "off<br>now", "on"),),
    switched=((False, False, False, True, False),),
)  # fmt: skip
SECOND = Block(name="Cross", number=2, values=VALUES, texts=(("1",) * 5,) * 3, switched=((False,) * 5,) * 3)


def values(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of both blocks where a click reports them."""
    found = [
        cells(figure, (3, *block.values.shape), place)[block.number] for place, block in enumerate((FIRST, SECOND))
    ]
    return np.concatenate(found).ravel(), np.concatenate([FIRST.values, SECOND.values]).ravel()


SAMPLES: dict[str, Sample] = {
    "board": ((), {"blocks": [FIRST, SECOND], "colours": "signed", "selected": (2, 1, 3)}),
}
DRAWN: dict[str, ReadBack] = {"board": values}
