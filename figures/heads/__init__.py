"""Who looks at whom: maps of one head and of all, lines between the pieces, words linked to words, masks, a head step by step."""
