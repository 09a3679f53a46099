"""The machine of "Attention Is All You Need" (arXiv 1706.03762), in plain PyTorch, and all that is done with it.

To be read in this order, each a quarter of an hour:

    config       the sizes, a field for each column of the paper's Table 3
    trace        what a forward pass keeps: every tensor, by name, with its axes
    attention    section 3.2: scores, mask, softmax, heads
    layers       embedding, positions, feed-forward network, Add & Norm, and the two kinds of layers made of them
    model        Figure 1, whole: `Transformer.forward(source, target) -> Trace`
    text, tokenizer   what people type, in its one form; pieces of words, and back
    what_if      changes of a model as values: heads off, masks painted, parts left out
    checkpoint   a model as a folder that can be opened without trust

and in rooms below: corpora, decoding (one sentence, many, by beam), training, analysis, jobs (the queue), shelf (kept models), commands.
"""

VERSION = "0.1.0"
