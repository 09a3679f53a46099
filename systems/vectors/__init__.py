"""Words as vectors: word2vec, GloVe and fastText, one row a word; and ELMo, whose rows depend on the sentence.

Read `windows` first, then `word2vec`, `glove`, `fasttext`, `elmo`. `space` has what one does with the rows: cosines, neighbours,
analogies, a map.
"""

SMALL = "--set vocabulary=700 --set dimensions=24"  # the grammar has 634 words

RECIPES: dict[str, dict[str, str]] = {
    "skip-gram": {
        "tatoeba-en-fr": "--epochs 12 --batch 256 --peak-rate 0.005 --cool-down 0.5",
        "grammar-en-fr": f"--epochs 12 --batch 128 --peak-rate 0.005 --cool-down 0.5 {SMALL}",
    },
    "cbow": {
        "tatoeba-en-fr": "--epochs 10 --batch 256 --peak-rate 0.005 --cool-down 0.5",
        "grammar-en-fr": f"--epochs 12 --batch 128 --peak-rate 0.005 --cool-down 0.5 {SMALL}",
    },
    "glove": {
        "tatoeba-en-fr": "--epochs 12 --batch 256 --peak-rate 0.02 --cool-down 0.5",
        "grammar-en-fr": f"--epochs 12 --batch 128 --peak-rate 0.02 --cool-down 0.5 {SMALL}",
    },
    "fasttext": {
        "tatoeba-en-fr": "--epochs 8 --batch 256 --peak-rate 0.003 --cool-down 0.5",
        "grammar-en-fr": f"--epochs 12 --batch 128 --peak-rate 0.003 --cool-down 0.5 {SMALL} --set buckets=1200",
    },
    "elmo": {
        "tatoeba-en-fr": "--minutes 2 --batch 64 --peak-rate 0.005 --cool-down 0.8",
        "grammar-en-fr": "--minutes 1 --batch 64 --peak-rate 0.005 --cool-down 0.8 --set vocabulary=700",
    },
}
