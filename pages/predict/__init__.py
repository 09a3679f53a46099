"""Questions that the learner answers before the model does, made from the trace of a sentence."""
