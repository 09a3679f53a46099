"""Scenes: pictures of coloured shapes, told by captioners that look at them and asked about by questions.

To be read in this order: `scene`, `drawing`, `captions`, `questions`, `corpus`; then `soft`, `hard`, `asked`, `vit`.
"""

RECIPES = {
    "captions-soft": {"scenes": "--minutes 1.8 --batch 64 --peak-rate 0.003 --cool-down 0.4"},
    "captions-hard": {"scenes": "--minutes 1.8 --batch 64 --peak-rate 0.003 --cool-down 0.4"},
    "vit": {"scenes": "--minutes 1.8 --batch 32 --peak-rate 0.001 --cool-down 0.3"},
    "cnn": {"scenes": "--minutes 1.8 --batch 32 --peak-rate 0.002 --cool-down 0.3"},
}
