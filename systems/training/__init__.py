"""Training a system: the same steps, folder, snapshots and cards as a translator's, on examples of its own."""
