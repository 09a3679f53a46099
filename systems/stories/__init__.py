"""Stories and questions about them, and the network that answers by looking at its memory several times: no torch is imported here."""

RECIPES = {
    "memory": {"stories": "--minutes 1.8 --batch 64 --peak-rate 0.008 --warm-up 1500 --cool-down 0.7"},
    "memory-one": {"stories": "--minutes 1.8 --batch 64 --peak-rate 0.008 --warm-up 1500 --cool-down 0.7"},
    "memory-shared": {"stories": "--minutes 1.8 --batch 64 --peak-rate 0.008 --warm-up 1500 --cool-down 0.7"},
    "memory-timeless": {"stories": "--minutes 1.8 --batch 64 --peak-rate 0.008 --warm-up 1500 --cool-down 0.7"},
}
