"""Other models on the same pieces: the same English and the same French, looked at by each of them."""

from ui.frame import Seen, Visit
from ui.session import relatives, state
from ui.session.state import Origin
from ui.session.walk import Passage


def alike(origin: Origin, walk: Passage) -> bool:
    """Whether a model cuts both sentences into the same pieces with the same numbers."""
    tokenizer = state.any_opened(origin).tokenizer
    return (
        tokenizer.encode(walk.source_text) == list(walk.source_ids[:-1])
        and max(walk.written_ids) < len(tokenizer)
        and tokenizer.spelled(walk.written_ids) == walk.written
    )


def transformer(visit: Visit, seen: Seen) -> tuple[str, Origin] | None:
    """The Transformer that learned from the same corpus, with its name: the sidebar's if it is one."""
    usable = state.usable()
    same = {
        name: origin for name, origin in usable.items() if relatives.learned(origin) == relatives.learned(seen.origin)
    }
    here = visit.question.origin.folder
    return next(
        ((name, origin) for name, origin in same.items() if origin.folder == here), next(iter(same.items()), None)
    )
