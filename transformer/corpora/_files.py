"""Bytes from a file or the network, out of a zip archive or gzip file, and into a file in one move."""

import gzip
import io
import os
import urllib.request
import zipfile
import zlib
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError

from tqdm import tqdm

from transformer.corpora.corpus import CorpusError

MOST_BYTES = 200_000_000  # of one text
USER_AGENT = "attention-atlas (a teaching tool)"  # hosts refuse Python's own


def read(path: Path) -> bytes:
    """The bytes of a file, up to one more than are allowed. Raises `CorpusError`."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CorpusError(f"{path} cannot be read: {error.strerror}.") from error


def replace(file: Path, content: bytes) -> Path:
    """Write a file at once: whoever reads it finds the old content or the new, never a part. Raises `OSError`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        part.write_bytes(content)
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)
    return file


def fetch(url: str, title: str) -> bytes:
    """The bytes behind an address, behind a progress bar. Raises `ConnectionError` with the reason if that fails."""
    try:
        return _fetch(url, title)
    except HTTPError as error:
        error.close()
        raise ConnectionError(str(error)) from error
    except (OSError, HTTPException, ValueError) as error:
        cause = error.reason if isinstance(error, URLError) else error  # whose own text is less plain
        raise ConnectionError(getattr(cause, "strerror", None) or cause) from error


def _fetch(url: str, title: str) -> bytes:
    request = urllib.request.Request(url, headers={"User-Agent": USER_AGENT})
    packed = bytearray()
    with urllib.request.urlopen(request, timeout=30) as response:
        size = int(response.headers.get("Content-Length") or 0)
        with tqdm.wrapattr(response, "read", total=size or None, desc=title, leave=False) as counted:
            while len(packed) <= MOST_BYTES and (part := counted.read(1 << 16)):
                packed += part
    if len(packed) < min(size, MOST_BYTES):
        raise OSError(f"the connection ended after {len(packed):,} of {size:,} bytes")
    return bytes(packed)


def unpacked(packed: bytes, member: str, origin: str) -> bytes:
    """The text within a zip archive or gzip file, told by their first bytes; anything else is taken for the text."""
    try:
        if packed.startswith(b"PK"):
            return unzipped(packed, member, origin)
        if packed.startswith(b"\x1f\x8b"):
            with gzip.open(io.BytesIO(packed)) as file:
                return file.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError) as error:
        raise CorpusError(f"{origin} is damaged or cut short ({error}). Get it again.") from error
    return packed


def unzipped(packed: bytes, member: str, origin: str) -> bytes:
    """The file of that name in a zip archive, in whatever folder it is."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        found = [name for name in archive.namelist() if Path(name).name == member]
        if not found:
            raise CorpusError(f"{origin} is a zip archive without a file {member}.")
        with archive.open(found[0]) as file:
            return file.read(MOST_BYTES + 1)
