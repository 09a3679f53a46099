"""The address of a room for the phones of the class, and its picture (QR)."""

import ipaddress
import socket
from urllib.parse import urlsplit

import segno
import streamlit as st

from ui.show.plotly_file import base
from ui.text import translate as _

HERE = ("localhost", "127.0.0.1", "::1")
ASKED = ("10.255.255.255", 1)  # an address that nobody has: asking for the way to it sends nothing


def of(code: str) -> str:
    """The link that learners open."""
    at = urlsplit(st.context.url or "http://localhost:8501/")
    host = at.hostname or "localhost"
    if host in HERE and (found := outward()):
        host = found
    port = f":{at.port}" if at.port else ""
    return f"{at.scheme}://{f'[{host}]' if ':' in host else host}{port}{base()}/classroom?room={code}"


def outward() -> str:
    """The address of this machine in its network, if the app answers there; nothing if only this machine reaches it."""
    bound = str(st.get_option("server.address") or "")
    if bound in HERE:
        return ""
    if bound and not ipaddress.ip_address(bound).is_unspecified if numeric(bound) else bound:
        return bound
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(ASKED)
            return str(probe.getsockname()[0])
    except OSError:
        return ""


def numeric(host: str) -> bool:
    """Whether it is an address and no name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


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
