"""What a learner's session holds: the opened model, the walk through the sentence, its attentions, what is pointed at, and how all of that stays."""
