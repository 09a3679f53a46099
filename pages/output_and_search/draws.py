"""A hundred translations drawn by lot: how often each came, how often it was to be expected, and where the beam's own stands."""

import html
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
import torch

from figures.labels import label
from figures.writing import draws as picture
from pages.output_and_search.beam import asked_width
from pages.output_and_search.greedy import Ids, decoded
from transformer.decoding.lean import having_read
from transformer.decoding.reading import full_trace, without_specials
from transformer.decoding.sampling import Cuts, Drawn, chances_of, sample_many
from transformer.decoding.ways import Search
from ui.controls import cuts, offers
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.session import state
from ui.session.kept import hold
from ui.session.state import MOST_TARGET, Origin
from ui.show import live_plot, prose, sums, tables
from ui.show.sums import Line, number, why
from ui.text import filled
from ui.text import translate as _

COUNT = 100  # draws
FROM = "drawn_from"  # key in the address: the seed of the first of them; none before they are asked for
ROWS = 6  # translations that are drawn in the picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Each:
    """One translation and how it came."""

    ids: Ids
    text: str
    seeds: tuple[int, ...]  # that drew it
    chance: float  # of being drawn
    log_probability: float  # that the model gives to it
    beam: bool  # the beam writes it
    shown: bool  # the app walks through it


@dataclass(frozen=True, slots=True, kw_only=True)
class Lottery:
    """What came of all the draws, the most frequent first; what the beam writes is always among them."""

    each: tuple[Each, ...]
    first: int  # seed

    @property
    def rows(self) -> tuple[Each, ...]:
        """Those that have a row of their own; the beam's own is one of them."""
        best = self.each[:ROWS]
        return best if self.beam in best else (*best[:-1], self.beam)

    @property
    def beam(self) -> Each:
        """What the beam writes."""
        return next(each for each in self.each if each.beam)

    @property
    def different(self) -> int:
        """How many different translations came."""
        return sum(bool(each.seeds) for each in self.each)


def remember() -> None:
    """Hold which draws are shown."""
    hold(FROM)


def first() -> int | None:
    """The seed of the first of the draws that were asked for."""
    seed = st.session_state.get(FROM)
    return seed if isinstance(seed, int) and 1 <= seed <= cuts.MOST - COUNT + 1 else None


def button() -> None:
    """A press draws; another press draws others."""
    label = _("Draw {count}") if first() is None else _("Draw {count} others")
    st.button(label.format(count=COUNT), key="draw_many", on_click=draw)


def draw() -> None:
    """The next seeds. Only in callbacks."""
    before = first()
    after = 1 if before is None else before + COUNT
    st.session_state[FROM] = after if after <= cuts.MOST - COUNT + 1 else 1


def drawn(session: Session, how: Cuts, seed: int) -> list[Drawn]:
    """The draws, made now if this visitor has not made them already; the bar says how many have come to an end."""
    asked = (session.origin, session.walk.source_text, how, seed)
    held = st.session_state.get("_drawn")
    if held is None or held[0] != asked:
        bar = st.progress(0.0, told(0))
        encoder = state.encoder(session.origin, session.walk.source_text)
        found = sample_many(
            session.checkpoint.model, session.walk.source_ids[:-1], range(seed, seed + COUNT), MOST_TARGET, how,
            having_read(encoder), lambda done: bar.progress(done / COUNT, told(done)),
        )  # fmt: skip
        bar.empty()
        st.session_state["_drawn"] = held = (asked, found)
    return held[1]  # type: ignore[no-any-return]


def told(done: int) -> str:
    """How far the draws are."""
    return _("{done} of {count} have come to their end …").format(done=done, count=COUNT)


def lottery(session: Session, how: Cuts, found: list[Drawn], seed: int) -> Lottery:
    """The draws put together by what they wrote."""
    text, width = session.walk.source_text, asked_width()
    beam = state.translation(session.origin, text, Search(width))
    counts = Counter(each.ids for each in found)
    numbers = {each.ids: (each.log_probability, each.log_chance) for each in found}
    if beam not in counts:
        counts[beam], numbers[beam] = 0, weighed(session.origin, text, beam, how)
    taken: set[str] = set()
    each = [
        Each(
            ids=ids, text=named(session, ids, taken), seeds=tuple(one.seed for one in found if one.ids == ids),
            chance=float(torch.tensor(numbers[ids][1]).exp()), log_probability=numbers[ids][0], beam=ids == beam,
            shown=ids == session.walk.written_ids,
        )
        for ids, _count in sorted(counts.items(), key=lambda item: (-item[1], -numbers[item[0]][1]))
    ]  # fmt: skip
    return Lottery(each=tuple(each), first=seed)


def named(session: Session, ids: Ids, taken: set[str]) -> str:
    """The text of a translation; its pieces with bars between them where a more frequent one reads the same."""
    text = decoded(session, ids)
    if text in taken:
        return "|".join(label(session.checkpoint.tokenizer.piece(id).piece) for id in ids)
    taken.add(text)
    return text


@st.cache_data(max_entries=256, show_spinner=False)
def weighed(origin: Origin, text: str, ids: Ids, how: Cuts) -> tuple[float, float]:
    """The log-probability that the model gives to a translation, and the logarithm of its chance of being drawn."""
    model = state.opened(origin).model
    with torch.inference_mode():
        logits = full_trace(model, state.encoder(origin, text), ids[:-1]).logits[0].double()  # position vocabulary
        rows, written = torch.arange(len(ids)), torch.tensor(ids)
        chances = chances_of(without_specials(logits, model.config), how)[rows, written]
        return float(logits.log_softmax(-1)[rows, written].sum()), float(chances.log().sum())


def rows(found: Lottery) -> list[picture.Row]:
    """The rows of the picture: the most frequent ones, the beam's own, and all the others together."""
    shown = [
        picture.Row(text=each.text, sign=sign(each), count=len(each.seeds), expected=COUNT * each.chance)
        for each in found.rows
    ]
    left = COUNT - sum(row.count for row in shown)
    others = found.different - sum(bool(row.count) for row in shown)
    if left:
        shown.append(picture.Row(text=_("{count} others").format(count=others), count=left, others=True))
    return shown


def sign(each: Each) -> str:
    """A star for what the beam writes, a triangle for what the app walks through."""
    return "★" * each.beam + "▶" * each.shown


def chooser(found: Lottery) -> Callable[[live_plot.Cell], None]:
    """For clicks on a row: the app walks through that translation, by the seed that drew it; by the beam if none did."""

    def choose(cell: live_plot.Cell) -> None:
        each = found.rows[int(cell[0] or 0)]
        if each.seeds:
            cuts.take(each.seeds[0])
        else:
            st.session_state.update({"target": "model", "search": "beam"})
        st.session_state["_walk_anew"] = True

    return choose


def walk_anew() -> None:
    """After such a click the whole page is run, not this picture alone."""
    if st.session_state.pop("_walk_anew", False):
        st.rerun(scope="app")


def offer(session: Session) -> None:
    """Draw lots for the translation of the whole app; while it does, the next lots and the way back."""
    with st.container(horizontal=True, key="atlas_lots"):
        label = _("Draw again") if session.search.draws else _("Draw a translation this way")
        offers.offered(label, "draw_one", cuts.again)
        way_back(session)


def way_back(session: Session) -> None:
    """While lots are drawn: the button back to the beam."""
    if session.search.draws:
        offers.offered(_("Back to the beam's translation"), "back_to_beam", beam_again)


def beam_again() -> None:
    """Let the beam write again. Only in callbacks."""
    st.session_state["search"] = "beam"


def table(found: Lottery) -> list[list[str | int | float]]:
    """Every translation, not rounded."""
    return [
        [each.text, len(each.seeds), COUNT * each.chance, each.chance, each.log_probability,
         " ".join(map(str, each.seeds)), sign(each)]
        for each in found.each
    ]  # fmt: skip


def table_columns() -> tuple[str, ...]:
    """What is in them."""
    names = (_("Translation"), _("Drawn"), _("Expected"), _("Chance"), _("Log-probability"), _("Seeds"))
    return (*names, _("★ beam, ▶ shown"))


def show(session: Session, rooms: Rooms) -> None:
    """The picture of the draws, and beside it the one that is walked through."""
    walk_anew()
    seed, how = first(), cuts.asked()
    if seed is None:
        return nothing_yet(session, rooms)
    with rooms.picture:
        found = lottery(session, how, drawn(session, how, seed), seed)
    beam = found.beam
    rooms.seen(
        _("{count} draws wrote {different} different translations; what the beam writes came {times} times, expected {expected}."),
        count=COUNT, different=found.different, times=len(beam.seeds), expected=number(COUNT * beam.chance, 1),
    )  # fmt: skip
    here = next((place for place, each in enumerate(found.rows) if each.shown), None)
    lines = rows(found)
    axis = _("times in {count} draws; the stroke: how often to be expected").format(count=COUNT)
    figure = picture.draws(lines, axis_title=axis, title="", mode=session.mode, selected=here)
    told = "; ".join(f"{row.text}: {row.count}" for row in lines)
    with rooms.picture:
        alt = f"{_('Translations drawn by lot')}. {told}."
        live_plot.show(figure, "lottery", alt, f"{session.walk.source_text} {how} {seed}", on_click=chooser(found))
        prose.look(session.lesson.sections["Look at draws"])
        tables.twin(table_columns(), table(found), "draws")
    with rooms.words:
        draws_words(session, found)


def nothing_yet(session: Session, rooms: Rooms) -> None:
    """Before anything was drawn."""
    chance = number(float(torch.tensor(session.walk.chances).double().log().sum().exp()), 3)
    rooms.seen(
        _("The model gives {chance} to this translation: what does it write when lots are drawn?"), chance=chance
    )
    with rooms.picture:
        st.info(_("Press Draw: each piece is drawn by its chance, {count} times over.").format(count=COUNT))
    with rooms.words:
        offer(session)


def draws_words(session: Session, found: Lottery) -> None:
    """The numbers of the translation that is walked through; of the beam's own if that one was not drawn."""
    each = next((each for each in found.each if each.shown), found.beam)
    log_chance = math.log(each.chance) if each.chance else -math.inf
    lines = [
        Line(html.escape(_("drawn")), f"<b>{len(each.seeds)}</b> / {COUNT}" + drawn_by(each)),
        Line(html.escape(_("log p")), f"<b>{number(each.log_probability)}</b>" + why(_("The sum over its pieces, before temperature and cuts."))),
        Line(html.escape(_("chance")), chance(each, log_chance)),
        Line(html.escape(_("expected")), f"{COUNT} × {number(each.chance, 4)} = <b>{number(COUNT * each.chance, 1)}</b>"),
        Line(html.escape(_("together")), f"<b>{number(math.fsum(one.chance for one in found.each), 3)}</b>" + why(
            _("The chances of all {count} translations that were found, added up. The rest was not drawn.").format(count=len(found.each)))),
    ]  # fmt: skip
    sums.show(filled("{text}", text=each.text), lines)
    offer(session)


def drawn_by(each: Each) -> str:
    """Which seeds drew it."""
    if not each.seeds:
        return ""
    shown = ", ".join(map(str, each.seeds[:12])) + (" …" if len(each.seeds) > 12 else "")
    return why(_("By the seeds {seeds}.").format(seeds=shown))


def chance(each: Each, log_chance: float) -> str:
    """The product of the chances of its pieces, or that it cannot be drawn."""
    if not each.chance:
        return f"<b>0</b>{why(_('The cuts leave out one of its pieces.'))}"
    told = why(_("The chances of its pieces multiplied, after temperature and cuts."))
    return f"exp({number(log_chance)}) = <b>{number(each.chance, 4)}</b>{told}"
