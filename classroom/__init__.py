"""A class: what is kept of it, and the rules. It knows no model, no picture and no page.

    tables     what is kept: rooms, members, questions, answers
    store      where: a file beside the runs, or the server that ATLAS_DATABASE names
    limits     how many rooms and members there may be, and how often a wrong code may be tried
    rooms      open, join, leave, end
    leading    who leads a room, and where the class is led
    asking     put a question to a room, answer it, close it, reveal it
    watching   what has changed, for all who wait: cheap, because it is asked for all at once
    results    who answered what, as rows
    lessons    an ordered walk through pages, read from a file (YAML); written.py writes it, packed.py makes a link of it
    finding    search: by words, however they are typed

Whatever is refused is refused with a `Refused`, whose reason is a code; the words for it are the interface's.
"""


class Refused(Exception):
    """Something that cannot be done; `reason` is one of the codes that the functions name."""

    def __init__(self, reason: str, wait: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.wait = reason, wait  # seconds until it may be tried again
