"""Pictures of `figures/writing/guesses.py`."""

import numpy as np

from tests.figures.samples import ReadBack, Sample

VALUES = np.array([0.4, 0.41, 0.5, 0.2, -0.1, 900.0])
NAMES = ["Mina", "<b>Jun</b>", "c", "d", "e", "f"]
SAMPLES: dict[str, Sample] = {
    "dots": ((VALUES,), {"axis_title": "guess", "right": 0.45, "tolerance": 0.05, "names": NAMES})
}
DRAWN: dict[str, ReadBack] = {"dots": lambda figure: (np.array(figure["data"][0]["x"]), VALUES)}
