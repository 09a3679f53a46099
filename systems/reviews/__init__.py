"""Reviews, in which it is known what decides, and the network that looks at words and then at sentences: no torch is imported here."""

RECIPES = {
    "hierarchical": {"reviews": "--epochs 4 --batch 64 --peak-rate 0.006 --warm-up 50 --cool-down 0.8"},
    "hierarchical-mean": {"reviews": "--epochs 4 --batch 64 --peak-rate 0.006 --warm-up 50 --cool-down 0.8"},
    "flat": {"reviews": "--epochs 4 --batch 64 --peak-rate 0.006 --warm-up 50 --cool-down 0.8"},
}
