"""The numbers of the lesson, each computed only when it is read."""

from collections.abc import Callable, Iterator, Mapping

from pages.grammar_probes import heads, pictures, readings
from pages.grammar_probes.asked import Asked
from pages.grammar_probes.lines import lines
from pages.grammar_probes.readings import Read
from pages.grammar_probes.words import phenomena
from transformer.analysis.probes import Stage
from ui.show import prose
from ui.text import translate as _


class Lazy(Mapping[str, str]):
    """Values that are computed when they are asked for."""

    def __init__(self, parts: Callable[[], Mapping[str, str]]) -> None:
        self.parts, self.found = parts, dict[str, str]()

    def __getitem__(self, key: str) -> str:
        self.found = self.found or dict(self.parts())
        return self.found[key]

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(self.parts())

    def __len__(self) -> int:
        return len(self.parts())


class Dashes(Lazy):
    """Nothing is known."""

    def __getitem__(self, key: str) -> str:
        return "–"


def values(asked: Asked | str, found: Read | None) -> Mapping[str, str]:
    """Of the pair that is shown, if there is one."""
    if isinstance(asked, str) or found is None:
        return Dashes(dict)
    return Lazy(lambda: of_pair(asked, found))


def of_pair(asked: Asked, found: Read) -> dict[str, str]:
    """All at once."""
    passes, (one, other) = found.passes, found.probe.critical
    layout, states = lines(found, logits=False), readings.states(found)
    differences = {stage: each.relative.double().numpy() for stage, each in readings.differences(found).items()}
    aligned = layout.alone or _("All pieces of the English have their partner.")
    top = Stage("encoder", len(passes.model.encoder_layers) - 1, "feed")
    margins = passes.margins
    return {
        "phenomenon": phenomena()[asked.what][0], "one": one, "other": other, "one_tex": prose.tex(one), "other_tex": prose.tex(other),
        "chance_one": f"{passes.chances[0][0]:.3f}", "chance_other": f"{passes.chances[1][1]:.3f}",
        "margin_a": f"{margins[0]:.3f}", "margin_b": f"{margins[1]:.3f}", "way": f"{passes.way:.3f}", "aligned": aligned,
        "entered": pictures.entered(layout, differences), "mattered": pictures.mattered(layout, states),
        "kept": pictures.named(layout.english, states[top], pictures.MATTERS), **heads.summary(found),
        "patched": f"{margins[0] + float(readings.heads(found)[0].max()) * passes.way:.3f}",
    }  # fmt: skip
