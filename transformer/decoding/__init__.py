"""From a source sentence to a translation: how the decoder is read step by step, and greedy search, sampling and beam search over it."""
