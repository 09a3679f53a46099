"""Words as vectors: word2vec, GloVe and fastText, one row a word; and ELMo, whose rows depend on the sentence.

Read `windows` first, then `word2vec`, `glove`, `fasttext`, `elmo`. `space` has what one does with the rows: cosines, neighbours,
analogies, a map.
"""

SMALL = "--set vocabulary=700 --set dimensions=24"  # the grammar has 634 words

STEADY = (
    "--warm-up 3000 --cool-down 0.6"  # full speed after a tenth of the run, and no slower for the first 3,000 steps
)

RECIPES: dict[str, dict[str, str]] = {
    "skip-gram": {
        "tatoeba-en-fr": f"--epochs 12 --batch 256 --peak-rate 0.005 {STEADY}",
        "grammar-en-fr": f"--epochs 12 --batch 128 --peak-rate 0.005 {STEADY} {SMALL}",
    },
    "cbow": {
        "tatoeba-en-fr": f"--epochs 10 --batch 256 --peak-rate 0.005 {STEADY}",
        "grammar-en-fr": f"--epochs 12 --batch 128 --peak-rate 0.005 {STEADY} {SMALL}",
    },
    "glove": {
        "tatoeba-en-fr": f"--epochs 12 --batch 256 --peak-rate 0.02 {STEADY}",
        "grammar-en-fr": f"--epochs 12 --batch 128 --peak-rate 0.02 {STEADY} {SMALL}",
    },
    "fasttext": {
        "tatoeba-en-fr": f"--epochs 8 --batch 256 --peak-rate 0.003 {STEADY}",
        "grammar-en-fr": f"--epochs 12 --batch 128 --peak-rate 0.003 {STEADY} {SMALL} --set buckets=1200",
    },
    "elmo": {
        "tatoeba-en-fr": f"--minutes 2 --batch 64 --peak-rate 0.005 {STEADY}",
        "grammar-en-fr": f"--minutes 1 --batch 64 --peak-rate 0.005 {STEADY} --set vocabulary=700",
    },
}
