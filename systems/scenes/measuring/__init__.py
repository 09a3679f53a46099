"""What needs many held-out scenes, measured and recorded: where the captioners look, how their gradients vary, ViT against CNN."""
