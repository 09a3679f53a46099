"""Tensors and pieces in, pictures out: pure functions, which know no page and no model.

    from figures import attention, describe, distributions, lines, theme

    attention.heatmap(weights, queries, keys, *, names=("French piece", "English piece"), title, mode="light",
                      selected=None, value_name="weight", top=1.0)               customdata [query, key]
    attention.signed_heatmap(values, queries, keys, *, ..., value_name="score", limit=None)  scores, differences
    attention.small_multiples(weights, queries, keys, *, selected_head=None, title, mode, names, value_name, head_name,
                      across=None, top=1.0)                                      customdata [head, query, key]
    lines.lines(weights, queries, keys, *, query=None, title, mode, names, value_name)
                      customdata [query, key, weight] on a line, [query, None] and [None, key] on a chip
    lines.caption(weights)            a sentence on the lines left out, or ""
    distributions.bars(labels, values, *, title, axis_title, mode, selected=None, limit=None)    customdata row
    describe.sentence(weights, queries, keys, *, verb, most)       for alt texts and screen readers
    describe.column_names(keys, corner), describe.table(weights, queries, keys)     for the table twin and CSV
    labels.label(piece), shorten(text), escape(text)               pieces as people read them
    theme.token_colour(position), token_ink(position)              background and text of a token's chip
    theme.head_colour(head), sequential(), diverging(mode), TEMPLATES[mode], figure(...)

`weights` is a numpy array, one row per query and one column per key (`small_multiples`: heads first); pass
`tensor.numpy(force=True)`. `queries` and `keys` are the tokenizer's pieces (`Piece.piece`, such as `▁dog`), not labels.
`names` says what queries and keys are. `mode` is "light" or "dark". Indices count from 0. The page should scroll
sideways where it is narrower than `layout.meta["minimum_width"]` pixels.
"""
