"""The pages there are, by the names of their addresses."""

from tests import ROOT

SENTENCE = "The animal didn't cross the street because it was too tired."
NUMBERED = sorted(
    (int(number), name) for number, _, name in (file.stem.partition("_") for file in (ROOT / "pages").glob("[0-9]*.py"))
)
ALL = [name for _, name in NUMBERED]
WALK = [name for number, name in NUMBERED if 10 <= number < 200]  # the steps; the machine as a whole stands before them
PAGES = ("/", *(f"/{name}" for name in ALL))
