"""What it costs that every piece looks at every piece: n x n weights in each head of each layer."""

import streamlit as st

from pages.many_heads.heads import Asked
from ui.measures.memory import BYTES, size
from ui.session import attentions
from ui.session.attentions import Shown
from ui.show import tables
from ui.text import filled
from ui.text import translate as _

LENGTHS = (10, 100, 1000, 10_000, 100_000)


def weights(queries: int, keys: int, maps: int) -> int:
    """How many weights there are in so many maps of attention."""
    return queries * keys * maps


def counted(session: Shown, asked: Asked) -> tuple[int, int, int]:
    """Queries, keys, and maps of the chosen attention in all layers."""
    view = attentions.attention(session, asked.kind, asked.layer)
    return len(view.query_pieces), len(view.key_pieces), attentions.layers(session, asked.kind) * len(view.weights)


def tell(session: Shown, asked: Asked) -> None:
    """The line, and a table to fold out."""
    queries, keys, maps = counted(session, asked)
    told = _(
        "Everybody looks at everybody: {queries} × {keys} weights in each of {maps} heads are {size}. "
        "Twice as long: {double}. With 1,000 pieces: {thousand}."
    )
    line = filled(
        told, queries=queries, keys=keys, maps=maps, size=size(BYTES * weights(queries, keys, maps)),
        double=size(BYTES * weights(2 * queries, 2 * keys, maps)), thousand=size(BYTES * weights(1000, 1000, maps)),
    )  # fmt: skip
    st.html(f'<p class="atlas-why">{line}</p>')
    rows = [[f"{n:,}", f"{weights(n, n, maps):,}", size(BYTES * weights(n, n, maps))] for n in LENGTHS]
    tables.folded(_("What n × n costs"), [_("pieces"), _("weights"), _("memory")], rows, "heads_cost")


def values(session: Shown, asked: Asked) -> dict[str, str]:
    """For the lesson: the same numbers."""
    queries, keys, maps = counted(session, asked)
    found = weights(queries, keys, maps)
    return {
        "asking": str(queries), "answering": str(keys), "maps": str(maps), "weights": f"{found:,}",
        "bytes": size(BYTES * found), "thousand": size(BYTES * weights(1000, 1000, maps)), "width": str(BYTES), "weight_bytes": str(BYTES * found),
    }  # fmt: skip
