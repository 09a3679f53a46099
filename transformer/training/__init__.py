"""How a model learns: batches, recipe, loop, the folder of a run with its history and snapshots, and the marks it gets."""
