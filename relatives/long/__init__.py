"""The long sentence: what becomes of a translation, and of what is learned, when the sentence grows.

`sentences` makes held-out sentences of every length with their exact French, `exam` tells how many a model gets right by length,
`way_back` how strongly a loss pulls at each piece that was read. `python -m relatives.long` records both for the shipped models.
"""
