"""What the page about cross-attention asks, and what belongs to it."""

from dataclasses import dataclass

from ui import controls
from ui.frame import Session
from ui.measures import gold
from ui.measures.gold import Aligned
from ui.session import attentions
from ui.session.attentions import Attention, Numbers
from ui.text import translate as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the controls say, and what belongs to it."""

    picture: str  # "map", "lines", "all" or "words"
    view: Attention
    head: int | None  # from 0; `None` is the mean
    found: Aligned | None

    @property
    def weights(self) -> Numbers:
        """Of the head or of the mean (written, source)."""
        mean: Numbers = self.view.weights.mean(0)
        return mean if self.head is None else self.view.weights[self.head]

    @property
    def who(self) -> str:
        """The head and its layer."""
        who = _("All heads on average") if self.head is None else _("Head {head}").format(head=self.head + 1)
        return f"{who}, {_('layer {layer}').format(layer=self.view.layer + 1)}"

    @property
    def gold(self) -> tuple[tuple[int, int], ...]:
        """The gold cells (written, source), if there are any."""
        return gold.gold_cells(self.found) if self.found else ()


def ask(page: Session) -> Asked:
    """Draw the controls."""
    walk = page.walk
    found = gold.aligned(walk, page.checkpoint.tokenizer)
    pictures = {"map": _("Map"), "lines": _("Lines"), "all": _("All heads")}
    pictures |= {"words": _("Words")} if found else {}
    picture = controls.one_of(_("Picture"), "view", pictures)
    layer, head = controls.layer(walk.layers), controls.head(walk.heads)
    return Asked(picture=picture, view=attentions.attention(page, "cross", layer), head=head, found=found)
