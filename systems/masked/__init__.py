"""BERT's idea: an encoder that learns English by filling blanks, one that may only look back, and what the first is good for.

Read `reader` first (the encoder that all share), then `bert`, `causal`, `tagger`; `entities` is the corpus that the tagger learns.
"""

RECIPES: dict[str, dict[str, str]] = {
    "bert": {
        "tatoeba-en-fr": "--minutes 2 --batch 64 --peak-rate 0.003 --warm-up 3000 --cool-down 0.8",
        "grammar-en-fr": "--minutes 1 --batch 64 --peak-rate 0.003 --warm-up 3000 --cool-down 0.8 --set vocabulary=700",
    },
    "causal": {
        "tatoeba-en-fr": "--minutes 2 --batch 64 --peak-rate 0.003 --warm-up 3000 --cool-down 0.8",
        "grammar-en-fr": "--minutes 1 --batch 64 --peak-rate 0.003 --warm-up 3000 --cool-down 0.8 --set vocabulary=700",
    },
    "tagger": {"entities": "--epochs 4 --batch 32 --peak-rate 0.002 --warm-up 300 --cool-down 0.8"},
}
