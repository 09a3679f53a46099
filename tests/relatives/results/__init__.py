"""Tests of the paper's numbers, of what is counted, and of the ablation."""
