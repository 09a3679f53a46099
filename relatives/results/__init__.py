"""What the Transformer won and what it cost: the paper's own tables, what our models cost, and an ablation of our own."""
