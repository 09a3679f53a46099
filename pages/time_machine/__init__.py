"""The time machine: attention at every snapshot of a run."""
