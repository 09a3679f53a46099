"""Pictures of `figures/changed/probes.py`."""

import numpy as np

from tests.figures.samples import ReadBack, Sample, cells

HOLE = [np.nan] * 4
FLOW = np.array([HOLE, [0.0, 0.2, np.nan, 0.4], [1.1, 0.9, np.nan, 0.8], HOLE, [0.0, 0.0, 0.3, 0.7]])
ROWS, STAGES = ["", "The", "tired | <b>wide</b>", "", "qu' → ?"], ["embedded", "self 1", "cross 1", "feed 1"]
HEADS = np.array([[0.02, 0.92, -0.14], [0.0, -1.31, 0.5]])
NAMES = {"names": ("piece", "stage"), "value_name": "share of the way"}

SAMPLES: dict[str, Sample] = {
    "flow": (
        (FLOW, ROWS, STAGES),
        NAMES | {"selected": (2, 1), "headings": [(0, "English"), (3, "French <so far>")], "marks": [4]},
    ),
    "heads": ((HEADS, ["Encoder 1", "Cross <1>"], ["1", "2", "3"]), NAMES | {"selected": (1, 2)}),
}  # fmt: skip
DRAWN: dict[str, ReadBack] = {
    "flow": lambda figure: (np.nan_to_num(cells(figure, FLOW.shape).astype(float), nan=-9), np.nan_to_num(FLOW, nan=-9)),
    "heads": lambda figure: (cells(figure, HEADS.shape), HEADS),
}  # fmt: skip
