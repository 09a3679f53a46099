"""Scenes: pictures of coloured shapes, told by captioners that look at them and asked about by questions.

To be read in this order: `scene`, `drawing`, `captions`, `questions`, `corpus`; then `soft`, `hard`, `asked`, `vit`.
"""

RECIPES = {
    "captions-soft": {"scenes": "--minutes 1.8 --batch 64 --peak-rate 0.003 --cool-down 0.4"},
    "captions-hard": {"scenes": "--minutes 1.8 --batch 64 --peak-rate 0.003 --cool-down 0.4"},
    "vit": {  # smaller than the shipped one, and only taught to count: all questions would take it an hour
        "scenes": "--minutes 1.8 --batch 32 --peak-rate 0.003 --cool-down 0.4 "
        "--set layers=2 --set d_model=48 --set d_ff=96 --set counts=true"
    },
    "cnn": {"scenes": "--minutes 1.8 --batch 32 --peak-rate 0.002 --cool-down 0.3"},
}
