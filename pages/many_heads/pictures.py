"""The four pictures of many heads, by their name in the address, and the numbers of their lesson."""

from pages.many_heads import concatenation, roles, rollout
from pages.many_heads import maps as head_maps
from pages.many_heads.heads import Asked
from ui.controls import dimension
from ui.frame import Session
from ui.session import pointed
from ui.show.picture import Picture

PICTURES = {
    "maps": head_maps.picture,
    "mix": concatenation.picture,
    "roles": roles.picture,
    "rollout": rollout.picture,
}


def remember() -> None:
    """Draw the hidden fields of what is clicked; first in the fragment."""
    dimension.remember()
    pointed.remember(concatenation.BAND, roles.MEASURE)


def picture(session: Session, asked: Asked) -> Picture:
    """What the controls ask for."""
    return PICTURES[asked.picture](session, asked)


def values(session: Session, asked: Asked) -> dict[str, str]:
    """The numbers in the lesson."""
    mixed, rolled = concatenation.values(session, asked), rollout.values(session, asked)
    return roles.values(session, asked) | mixed | rolled
