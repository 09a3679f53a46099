"""Why the scores are divided by sqrt(d_k): section 3.2.1 of "Attention Is All You Need" (arXiv 1706.03762) and its footnote 4, measured.

`sharpness` says how sharp rows of weights are, `vectors` measures random queries and keys, `trained` the heads of trained models,
`cost` what the score functions cost on this machine. `python -m relatives.scaling` records the last two.
"""
