"""What residual connections, LayerNorm and feed-forward networks are for: each taken away in the whole model, on this sentence."""

from dataclasses import dataclass

import numpy as np
import torch

from pages.the_stack import flow_shown, path
from pages.the_stack.stack import Asked
from transformer.what_if import WhatIf
from ui.changed import outcome
from ui.frame import Session
from ui.session import state
from ui.show import proof
from ui.show.sums import number
from ui.text import translate as _

WITHOUT = {"path": WhatIf(residual=False), "norm": WhatIf(norm=False), "feed": WhatIf(feed_forward=False)}
CODES = {"path": "nr", "norm": "nn", "feed": "nf"}  # in the address of the page of the machine's parts
LONG = 44  # letters of a translation that are told


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """The model with something taken away, which reads the French of the page."""

    before: float  # what it gave the right pieces, on average
    after: float
    length: float  # of the chosen piece's vector at the top
    own: str  # what it writes by itself


def without(session: Session, asked: Asked) -> Without:
    """What comes of taking away what the picture is about."""
    walk, row = session.walk, asked.sentence.row
    found = outcome.outcome(session.origin, walk.source_text, walk.written_ids, state.Search(1), WITHOUT[asked.picture])
    half = found.trace.encoder if asked.sentence.side == "source" else found.trace.decoder
    return Without(
        before=float(np.mean(walk.chances)), after=float(np.mean(found.chances)),
        length=float(torch.linalg.vector_norm(half.output[0, row].double())), own=found.text,
    )  # fmt: skip


def show(session: Session, asked: Asked) -> None:
    """The line, and the way to the page where it can be tried."""
    if asked.picture == "flow":
        return flow_shown.why(session, asked)
    found, length = without(session, asked), path.path(session, asked).curves[path.LENGTH][-1]
    template = {
        "path": _(
            "Why add? Without the residual connections the right pieces get {after}, not {before}; it writes {own}."
        ),
        "norm": _(
            "Why LayerNorm? Without it this vector would be {longer} long at the top, not {length}; the model writes {own}."
        ),
        "feed": _("Why feed-forward? Without it the right pieces get {after}, not {before}; the model writes {own}."),
    }[asked.picture]
    link = proof.Link("220_machine_parts", _("In the whole model"), {"mp_lab": "parts", "mp_do": CODES[asked.picture]})
    proof.show(
        template, link, before=f"{found.before:.2f}", after=size(found.after), longer=size(found.length), length=f"{length:.1f}",
        own=quoted(found.own),
    )  # fmt: skip


def size(value: float) -> str:
    """A number with the digits that matter, whatever its size."""
    return number(value, 0 if value >= 100 else 2 if value >= 0.01 else 3)


def quoted(text: str) -> str:
    """A translation in a sentence."""
    return f"“{text if len(text) <= LONG else text[:LONG] + '…'}”" if text else _("nothing at all")
