"""Pictures of `figures/learning/timing.py`."""

import numpy as np

from tests.figures.samples import ReadBack, Sample

MINUTES, NAMES = [5, 3, 12], ["Home", "One head <b>", "A name that is much too long for the place it has"]
NAMED = {"asks": [False, True, True], "asking": "asks", "axes": ("minutes", "step"), "selected": 1}
SAMPLES: dict[str, Sample] = {"timing": ((MINUTES, NAMES), NAMED)}
DRAWN: dict[str, ReadBack] = {
    "timing": lambda figure: (
        np.array([figure["data"][0]["x"], figure["data"][0]["base"]]),
        np.array([MINUTES, [0, 5, 8]]),
    )
}
