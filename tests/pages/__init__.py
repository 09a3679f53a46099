"""Tests of the pages, without a browser: `test_<page>.py` for `pages/NN_<page>.py`."""
