"""Tensors and pieces in, pictures out: pure functions, which know no page and no model.

    attention       maps of who looks at whom: one head (`heatmap`), scores (`signed_heatmap`), all heads (`small_multiples`)
    lines, links    the same weights as lines between two columns; alignments of words, with gold links
    head_grid       every head of every layer at once; the measured roles of heads
    head_steps      one head step by step: scores, mask, weights; products: matrix times matrix, as panels
    masks, forcing  what the decoder may see, and what leaks; teacher forcing beside free running
    vectors         rows of numbers, one for each piece; embedding, positions, bands: the same with their own marks
    scatter         the vocabulary as a map, flat or in space
    curves          values along the layers
    forming         one head's maps over training, and how far each head has come
    distributions   bars; output: candidates for the next piece; lens: what each layer would write
    tree            beam search as a growing tree
    describe        the pictures in words and as tables; labels, chips: pieces as people read them
    grid, theme     what all share: axes of pieces, frames, colours, type

Every picture takes numpy arrays, pieces as the tokenizer writes them (`▁dog`, not labels), a `title`, and `mode`, "light" or "dark". Indices
count from 0. What a click reports (`customdata`) is told in each docstring; heat maps tell it once for all cells (`grid.touch`). The page
should scroll sideways where it is narrower than `layout.meta["minimum_width"]` pixels.
"""
