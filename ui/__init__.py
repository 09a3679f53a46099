"""The frame that all pages share: what is opened and chosen, the controls, how a picture, a sum, a table and prose come on the screen.

    frame/      every page begins with `frame.page(...)`: the sidebar, the map of the machine, the sentence as chips, the way on
    session/    the opened model, the walk through the sentence, its attentions; what is pointed at, and how all of that stays
    controls/   what stands above a picture: which attention, layer, head, dimension, sentence
    show/       live_plot: the one way a figure comes on the screen; the sum behind a number, tables, prose, code
    measures/   numbers that more than one page shows
    changed/    the model as it is beside a changed one: what the pages of the lab share
    training/   the queue of trainings, whose they are, and the short form in the sidebar
    guide/      a lesson on every page: its bar, its questions, what it locks, and one that is being written
    text.py     every word: `locale/` (short strings) and `lessons/` (prose)

It knows the model and the pictures. What only one page shows is not here: it stands in `pages/`, in the folder beside that page.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent  # of the project
ASSETS = Path(__file__).parent / "assets"  # the styles and scripts of the components, each named like its module
