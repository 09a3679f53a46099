"""Where the class reaches the app: the address in one's own browser, or, if that is this very machine's, the one in its network."""

import ipaddress
import socket
from urllib.parse import urlsplit

import streamlit as st

from ui.show.plotly_file import base

HERE = ("localhost", "127.0.0.1", "::1")
ASKED = ("10.255.255.255", 1)  # an address that nobody has: asking for the way to it sends nothing


def site() -> str:
    """The address of the app for others, without a slash at the end."""
    at = urlsplit(st.context.url or "http://localhost:8501/")
    host = at.hostname or "localhost"
    if host in HERE and (found := outward()):
        host = found
    port = f":{at.port}" if at.port else ""
    return f"{at.scheme}://{f'[{host}]' if ':' in host else host}{port}{base()}"


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
