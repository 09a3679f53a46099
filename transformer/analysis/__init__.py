"""What is asked of a trained model: what a change does, what heads do, which words mattered, how attention formed, two models compared."""
