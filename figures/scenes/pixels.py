"""Numbers as an image that a browser shows: PNG, written out by hand, with every pixel as a visible square."""

import base64
import struct
import zlib
from functools import lru_cache

import numpy as np

from figures.grid import Weights


def address(picture: Weights, times: int = 6) -> str:
    """`picture (y, x, 3)` of numbers from 0 to 1, each pixel `times` as wide, as a `data:` address."""
    if picture.ndim != 3 or picture.shape[2] != 3 or not picture.size or not np.isfinite(picture).all():
        raise ValueError(f"A picture has numbers for y, x and three colours; its shape is {picture.shape}.")
    pixels = (np.clip(picture, 0, 1) * 255).round().astype(np.uint8)
    return made(pixels.tobytes(), pixels.shape[0], pixels.shape[1], times)


@lru_cache(maxsize=256)
def made(pixels: bytes, tall: int, wide: int, times: int) -> str:
    """The address of `pixels`, three bytes each, line by line: the same picture stands in many panels."""
    large = np.frombuffer(pixels, np.uint8).reshape(tall, wide, 3).repeat(times, 0).repeat(times, 1)
    height, width, _ = large.shape
    lines = b"".join(b"\0" + row.tobytes() for row in large)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = part(b"IHDR", head) + part(b"IDAT", zlib.compress(lines, 6)) + part(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + parts).decode("ascii")


def part(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG: its length, its kind, its data, their sum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def laid(picture: Weights, left: float, top: float, wide: float, tall: float) -> dict[str, object]:
    """The picture below a map, its corner and its size in the map's own units."""
    return {
        "source": address(picture), "xref": "x", "yref": "y", "x": left, "y": top, "sizex": wide, "sizey": tall, "sizing": "stretch",
        "layer": "below", "xanchor": "left", "yanchor": "top",
    }  # fmt: skip
