"""The five pictures of many heads, by their name in the address, what is told with each, and the numbers of their lesson."""

from pages.many_heads import concatenation, cost, roles, rollout, word, worth
from pages.many_heads import maps as head_maps
from pages.many_heads.heads import Asked
from ui.controls import dimension
from ui.frame import Session
from ui.session import pointed
from ui.show.picture import Picture

PICTURES = {
    "word": word.picture,
    "maps": head_maps.picture,
    "mix": concatenation.picture,
    "roles": roles.picture,
    "rollout": rollout.picture,
}
SEEN = {
    "word": word.seen,
    "maps": head_maps.seen,
    "mix": concatenation.seen,
    "roles": roles.seen,
    "rollout": rollout.seen,
}


def remember() -> None:
    """Draw the hidden fields of what is clicked; first in the fragment."""
    dimension.remember()
    pointed.remember(concatenation.BAND, roles.MEASURE)


def picture(session: Session, asked: Asked) -> Picture:
    """What the controls ask for."""
    return PICTURES[asked.picture](session, asked)


def below(session: Session, asked: Asked) -> None:
    """The second picture, where there is one."""
    if asked.picture == "maps":
        head_maps.below(session, asked)


def why(session: Session, asked: Asked) -> None:
    """What it is for, or what it costs."""
    if asked.picture == "mix":
        concatenation.why(session, asked)
    elif asked.picture == "maps":
        cost.tell(session, asked)
    else:
        worth.why(session, asked)


def values(session: Session, asked: Asked) -> dict[str, str]:
    """The numbers in the lesson."""
    mixed, rolled = concatenation.values(session, asked), rollout.values(session, asked)
    return roles.values(session, asked) | mixed | rolled | word.values(session, asked) | cost.values(session, asked)
