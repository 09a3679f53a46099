"""Tensors and pieces in, pictures out: pure functions, which know no page and no model.

    heads/      who looks at whom. attention: one head (`heatmap`), scores (`signed_heatmap`), all heads (`small_multiples`); lines, links: the
                same weights as lines between two columns, and words with gold links; head_grid: every head of every layer, and measured
                roles; head_steps: one head step by step; masks: what the decoder may see, and what leaks
    numbers/    products: matrix times matrix; vectors: rows of numbers, one for each piece; embedding, positions, bands: the same with
                their own marks; scatter: the vocabulary as a map; curves: values along the layers; asked: a table with question marks
    writing/    distributions: bars; output: candidates for the next piece; lens: what each layer would write; forcing: teacher forcing
                beside free running; tree: beam search as a growing tree
    changed/    a changed model beside the model as it is; the switchboard, masks to paint, probes, five explanations of one piece
    learning/   training: loss and rates; forming: one head's maps over training; models: one beside others
    describe    the pictures in words and as tables; labels, chips: pieces as people read them
    grid, theme what all share: axes of pieces, frames, colours, type

Every picture takes numpy arrays, pieces as the tokenizer writes them (`▁dog`, not labels), a `title`, and `mode`, "light" or "dark". Indices
count from 0. What a click reports (`customdata`) is told in each docstring; heat maps tell it once for all cells (`grid.touch`). The page
should scroll sideways where it is narrower than `layout.meta["minimum_width"]` pixels.
"""
