"""Pictures of `figures/writing/forcing.py`."""

import numpy as np

from figures.writing.forcing import Lane
from tests.figures.samples import ReadBack, Sample

TRAINING = Lane("training", ["<s>", "▁la", "▁<b>hi</b>"], ["▁la", "▁<b>hi</b>", "</s>"], [0.9, 0.1, 0.8])
TEST = Lane("test", ["<s>", "▁la", "▁rue", "."], ["▁la", "▁rue", ".", "</s>"], [0.9, 0.7, 0.95, 1.0])
OWN, CHANCES = ["▁la", "▁rue", "</s>"], [0.9, 0.7, 0.8]
SAMPLES: dict[str, Sample] = {"lanes": ((TRAINING, TEST, OWN, CHANCES), {"selected": 1, "parting": 1})}
DRAWN: dict[str, ReadBack] = {
    "lanes": lambda figure: (
        np.concatenate([trace["x"] for trace in figure["data"] if trace["type"] == "bar"]),
        np.array([*TRAINING.chances, *TEST.chances]),
    )
}
