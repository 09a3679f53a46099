"""From the tokenizer's pieces to words on a picture: `label` makes them readable, `shorten` fit, `escape` harmless."""

import re
from collections.abc import Sequence

SPACE, JOINT, BLANK, DOTS = "▁", "·", "␣", "…"
LIMIT = 14  # characters that fit beside a picture on a telephone

_BYTE = re.compile(r"<0x([0-9A-F]{2})(?: (.) (\d)/(\d))?>")
_SPECIAL = re.compile(r"</?[a-z]+>")


def label(piece: str) -> str:
    """A piece as people read it: `▁dog` begins a word (dog), `ie` continues one (·ie), space is ␣.

    A byte is the sign that it stands for: `<0x36>` is 6; one of several is told with its number, `<0xED 한 1/3>` is 한 1/3.
    Where nobody knows the others, as in the vocabulary, it is the byte alone, ED. Special pieces such as `</s>` stay as they
    are; so does punctuation, which needs no joint. The text is plain: neither shortened nor escaped.
    """
    if byte := _BYTE.fullmatch(piece):
        if byte[2]:
            return f"{byte[2]} {byte[3]}/{byte[4]}"
        sign = chr(int(byte[1], 16))
        return sign if sign.isascii() and sign.isprintable() and sign != " " else byte[1]
    if _SPECIAL.fullmatch(piece):
        return piece
    text = piece.removeprefix(SPACE).replace(SPACE, " ")
    if not text.strip():
        return BLANK * max(1, len(piece))
    continues = not piece.startswith(SPACE) and any(character.isalnum() for character in text)
    return JOINT + text if continues else text


def shorten(text: str, limit: int = LIMIT) -> str:
    """At most `limit` characters; what is cut off is marked with …"""
    return text if len(text) <= limit else text[: limit - 1] + DOTS


def escape(text: str) -> str:
    """Text that Plotly shows as it is, although it reads `<b>` and `&lt;` in labels as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def whole_labels(pieces: Sequence[str]) -> list[str]:
    """The whole label of every piece, for hovering."""
    return [escape(label(piece)) for piece in pieces]


def short_labels(pieces: Sequence[str]) -> list[str]:
    """The short label of every piece, for axes."""
    return [escape(shorten(label(piece))) for piece in pieces]


def probability(value: float) -> str:
    """Three digits behind the point; one that is not 0 is never shown as 0. Escaped."""
    return "&lt;0.001" if 0 < value < 0.0005 else f"{value:.3f}"
