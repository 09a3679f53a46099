"""What came before the Transformer, and beside it: models on the same pieces, the same batches, the same search.

Each reads as an essay and returns a typed trace, as the Transformer does. `MODELS` is the table of those that
`python -m transformer train --model NAME` knows: name, its class, and what it is. Nothing here imports torch.
"""

MODELS: dict[str, tuple[str, str]] = {
    "tanh": ("recurrent.OneState", "one hidden state, plain tanh cell (Elman 1990)"),
    "gru": ("recurrent.OneState", "one hidden state, gated recurrent unit (Cho 2014)"),
    "lstm": ("recurrent.OneState", "one hidden state, long short-term memory (Sutskever 2014)"),
    "bahdanau": ("alignment.Bahdanau", "GRU that looks back, additive score (Bahdanau 2015)"),
    "luong-dot": ("alignment.Luong", "LSTM that looks back, dot product (Luong 2015)"),
    "luong-general": ("alignment.Luong", "the same with a matrix between (Luong 2015)"),
    "luong-concat": ("alignment.Luong", "the same with an additive score (Luong 2015)"),
    "luong-local": ("alignment.Luong", "the same with a window that moves, local-p (Luong 2015)"),
    "additive": ("scores.AdditiveTransformer", "the Transformer with an additive score"),
    "unscaled": ("scores.UnscaledTransformer", "the Transformer without the division by sqrt(d_k)"),
}
