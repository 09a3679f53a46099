"""Pictures of `figures/writing/distributions.py`."""

import numpy as np

from tests.figures.samples import ReadBack, Sample

VALUES = np.array([0.7, 0.2, 0.1])
SAMPLES: dict[str, Sample] = {
    "bars": ((["chat", "<b>chien</b>", "chat"], VALUES), {"axis_title": "chance", "mark": 0.4})
}
DRAWN: dict[str, ReadBack] = {"bars": lambda figure: (np.array(figure["data"][0]["x"]), VALUES)}
