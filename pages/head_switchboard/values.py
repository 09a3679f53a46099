"""The numbers in the lesson about the switchboard."""

from pages.head_switchboard.switches import Asked, words_of
from ui.changed import names, telling
from ui.changed.outcome import Compared
from ui.frame import Session
from ui.session import chips
from ui.show import prose, sums
from ui.text import translate as _


def values(session: Session, asked: Asked, pair: Compared) -> dict[str, str]:
    """What the lesson is filled with."""
    config, place = session.checkpoint.model.config, telling.place_of(session, pair)
    words = words_of()
    switched = ", ".join(f"{names.words(head)}: {words[how]}" for head, how in asked.switched.items())
    one, other = (each.log_probabilities[place] for each in pair)
    change = telling.difference(pair.before.text, pair.after.text).words
    piece = chips.written(session.walk, place)
    read = chips.read(session.walk, place)
    return {
        "count": str(len(asked.every)), "d_head": str(config.d_head), "d_model": str(config.d_model),
        "switched": switched or _("none yet"), "before": sums.number(pair.before.total), "heads": str(config.heads),
        "after": sums.number(pair.after.total), "fall": sums.number(pair.fall), "words": str(change), "read": read,
        "piece": piece, "piece_tex": prose.tex(piece), "piece_before": sums.number(one), "piece_after": sums.number(other),
        "chance_before": f"{pair.before.chances[place]:.4f}", "chance_after": f"{pair.after.chances[place]:.4f}",
        "pieces": str(len(session.walk.written)),
    }  # fmt: skip
