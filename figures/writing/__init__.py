"""What the model writes: candidates for the next piece, what each layer would have written, teacher forcing, beam search as a tree."""
