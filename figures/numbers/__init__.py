"""Rows, matrices and clouds of numbers: embeddings, positions, Q/K/V products, bands of a vector, curves along the layers, tables to be guessed."""
