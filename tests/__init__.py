"""Tests, laid out as what they test: the model, the pictures, the frame, the pages, and all of it in a real browser."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent  # of the project
