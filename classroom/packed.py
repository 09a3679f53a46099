"""A lesson as a part of a link: compact, compressed, in letters that an address may have; and back, whoever made it."""

import base64
import json
import re
import zlib
from collections.abc import Collection

from classroom.lessons import Plan, PlanError, made
from classroom.written import plain

MOST = 1800  # characters that a link may have of a lesson
LARGEST = 60_000  # bytes that they may become
MARK = "~"  # before a packed lesson, so that it is told from the name of a shipped one
LETTERS = re.compile(r"[A-Za-z0-9_-]+")
# What nearly every lesson has, so that it costs little. Another text here would make all links of before unreadable.
USUAL = (
    b'","question":{"ask":"","options":["","right":"","tolerance":0.,"why":"","locked":["pages","sentence","controls","depths"],"teacher":"'
    b"checkpoint=tatoeba-en-fr&checkpoint=grammar-en-fr&kind=encoder&kind=cross&kind=decoder&layer=1&head=&text=The+black+cat+"
    b"embeddings positions queries_keys_values many_heads the_stack decoder_and_mask cross_attention output_and_search one_head?"
    b'{"title":"","about":"","minutes":,"aims":["","steps":[{"at":"","note":"","minutes":}]}'
)


def pack(plan: Plan) -> str:
    """The lesson for a link, without the remarks for the teacher. `PlanError` if it is too long for one."""
    text = json.dumps(plain(plan, teacher=False), ensure_ascii=False, separators=(",", ":"))
    press = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=USUAL)
    packed = base64.urlsafe_b64encode(press.compress(text.encode()) + press.flush()).decode().rstrip("=")
    if len(packed) > MOST:
        told = f"The lesson is too long for a link ({len(packed):,} characters, {MOST:,} at most): give the file away."
        raise PlanError(told)
    return MARK + packed


def is_packed(name: str) -> bool:
    """Whether what a link calls a lesson is one itself, and not the name of one."""
    return name.startswith(MARK)


def unpack(packed: str, pages: Collection[str] = ()) -> Plan:
    """The lesson of a link; `PlanError` if it is none."""
    letters = packed.removeprefix(MARK)
    if len(letters) > MOST or not LETTERS.fullmatch(letters):
        raise PlanError("The lesson of this link is damaged: ask for the link again.")
    try:
        opened = zlib.decompressobj(-15, zdict=USUAL)
        text = opened.decompress(base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4)), LARGEST)
        if not opened.eof or opened.unused_data:
            raise PlanError("The lesson of this link is damaged: ask for the link again.")
        found = json.loads(text.decode())
    except (ValueError, zlib.error, RecursionError) as error:
        raise PlanError("The lesson of this link is damaged: ask for the link again.") from error
    return made(found, pages)
