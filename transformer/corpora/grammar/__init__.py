"""The grammar of `grammar-en-fr`: the words (lexicon), what is drawn by chance (draws), the rules (phrases), the sentences (patterns).

Made of them: pairs of sentences that differ in one word (minimal_pairs), and those that a page begins with (showcase).
"""
