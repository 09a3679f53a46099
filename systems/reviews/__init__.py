"""Reviews, in which it is known what decides, and the network that looks at words and then at sentences: no torch is imported here."""

RECIPES = {
    "hierarchical": {"reviews": "--epochs 3 --batch 64 --peak-rate 0.01 --warm-up 300 --cool-down 0.6"},
    "hierarchical-mean": {"reviews": "--epochs 3 --batch 64 --peak-rate 0.01 --warm-up 300 --cool-down 0.6"},
    "flat": {"reviews": "--epochs 3 --batch 64 --peak-rate 0.01 --warm-up 300 --cool-down 0.6"},
}
