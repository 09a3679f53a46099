"""The link of a room for the phones of the class, and its picture (QR)."""

from urllib.parse import urlsplit

import segno

from ui.session.site import HERE, site
from ui.text import translate as _


def of(code: str) -> str:
    """The link that learners open."""
    return f"{site()}/classroom?room={code}"


def warning(link: str) -> str:
    """What keeps the class out, if this machine is the only one that can reach the app."""
    if urlsplit(link).hostname not in HERE:
        return ""
    return _(
        "Only this computer can reach the app as it runs now. Close it and start it with `make class`: then phones in the same network can."
    )


def picture(link: str) -> str:
    """The link as a picture, an address of an `<img>` that takes the width it is given; black on white, whatever the theme."""
    return segno.make(link, error="m", micro=False).svg_data_uri(border=3, omitsize=True, light="white")
