"""The picture of the race, who is ahead, who won, and sentences on which the beam can be beaten."""

import html
import math
from functools import partial

import streamlit as st

from figures.writing import tree as picture
from pages.output_and_search import beam_words
from pages.output_and_search import race as races
from pages.output_and_search.greedy import decoded, path
from pages.output_and_search.race import Race
from transformer.analysis.before_after import known
from transformer.decoding.batch import beam_batch
from transformer.decoding.hypotheses import penalty_of_length
from transformer.text import clean
from ui.controls import offers
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.frame.sidebar import EXAMPLES
from ui.measures.search import most
from ui.session import choice
from ui.session.state import MOST_SOURCE, Origin, opened
from ui.show import live_plot, proof, prose, sums, tables
from ui.show.sums import Line, number, why
from ui.text import filled, plain
from ui.text import translate as _

WIDER = 8  # the beam that shows what could have been found
HELD_OUT, CHUNK, FEW = 64, 16, 3  # sentences that are tried, those at once, and those that are offered
WANTED = "_race_wanted"  # whether the learner asked for them: the search takes seconds


def show(session: Session, rooms: Rooms) -> None:
    """The tree of the learner's choices, and beside it both scores."""
    race = races.asked(session)
    first_line(session, rooms, race)
    names = (_("step"), _("your branches"))
    rows = max([0 if race.over else races.offered(race.width), *(box.rank + 1 for box in race.boxes)])
    figure = picture.tree(
        race.boxes, window=race.window, rows=rows, alive=race.alive(), best=race.on_the_way(race.mine) if race.over else (),
        names=names, title="", mode=session.mode, follow=not race.over,
    )  # fmt: skip
    told = "; ".join(f"{box.step}: {box.label} {number(box.score, 2)}" for box in race.boxes)
    with rooms.picture:
        scope = f"{choice.scope(session.walk)} {race.width} {race.picks} {race.chosen}"
        live_plot.show(figure, "race_tree", f"{_('Your branches')}. {told}.", scope, on_click=races.chooser(race))
        prose.look(session.lesson.sections["Look at the race"])
        tables.twin(table_columns(), table(race), "race")
    with rooms.words:
        scoreboard(session, race)
        examples(session, race)


def first_line(session: Session, rooms: Rooms, race: Race) -> None:
    """What is to be done now, or who won."""
    if race.over:
        told = {
            1: _("You found the better sentence: score {mine}, the beam's {beam}."),
            0: _("A draw: both sentences have the score {mine}."),
            -1: _("The beam found the better sentence: score {beam}, yours {mine}."),
        }[verdict(race)]
        return rooms.seen(told, mine=number(race.mine.score), beam=number(race.models.score))
    told = _("Step {step}: choose {places} of {count} branches, the ones that shall survive. {chosen} chosen.")
    del session
    return rooms.seen(
        told, step=len(race.steps), places=race.places, count=len(race.steps[-1].candidates), chosen=len(race.chosen)
    )


def verdict(race: Race) -> int:
    """1 if the learner is ahead, −1 if the beam is, 0 if neither."""
    return 0 if not race.lead else int(math.copysign(1, race.lead))


def scoreboard(session: Session, race: Race) -> None:
    """Both scores; the beam's sentence only in the end."""
    if not race.picks:
        return None
    if race.over:
        rows = [
            (_("You"), race.mine.ids, race.mine.total, race.mine.score),
            (_("The beam"), race.models.ids, race.models.total, race.models.score),
        ]
        return beam_words.translations(
            session, rows, html.escape(_("The higher score wins: log p over the length penalty."))
        )
    title = filled(_("Scores after {step} steps"), step=len(race.picks))
    last = race.steps[len(race.picks) - 1]
    branches = sorted((*last.kept, *last.finished), key=lambda each: -each.score)
    lines = [
        Line(number(each.score), f'<b lang="fr">{html.escape(decoded(session, each.ids))}</b>', place == 0)
        for place, each in enumerate(branches)
    ]
    told = html.escape(_("the model's best; what it wrote is told at the end"))
    note = why(_("A score is the sum of log p over the length penalty of the beginning so far."))
    return sums.show(title, [*lines, Line(number(race.models.score), told + note)])


def examples(session: Session, race: Race) -> None:
    """Sentences on which a wider beam does better than this one: one press finds them, one more takes one."""
    told = _("Can a beam of {width} be beaten? Where a wider one finds a better sentence.")
    proof.show(told, width=race.width, control=partial(find, session, race), name="_race")
    offers.way_back(session.walk.source_text)


def find(session: Session, race: Race) -> None:
    """The button, and what it finds."""
    if not st.session_state.get(WANTED):
        st.button(_("Find such sentences"), key="find_beaten", on_click=want)
        return
    width, found = race.width, beaten(session.origin, race.width, race.alpha)
    if not found:
        told = _("With {width} on none of {count} sentences.")
        st.caption(told.format(width=width, count=len(tried(session.origin))))
        width, found = 1, beaten(session.origin, 1, race.alpha) if width > 1 else []
    label = _("Take: {sentence}") if width == race.width else _("With 1 branch: {sentence}")
    for place, text in enumerate(found):
        offers.offered(plain(label.format(sentence=text)), f"take_beaten_{place}", take, text, str(width))


def take(text: str, width: str) -> None:
    """Race on this sentence with so many branches. Only in callbacks."""
    st.session_state[races.WIDTH] = width
    offers.take(text)


def want() -> None:
    """Look for them. Only in callbacks."""
    st.session_state[WANTED] = True


def beaten(origin: Origin, width: int, alpha: float) -> list[str]:
    """The shortest sentences on which a beam of `WIDER` has a better score than one of `width`; a bar says how far it is."""
    count = -(-len(tried(origin)) // CHUNK)
    bar, found = st.progress(0.0, _("Both beams on other sentences …")), []
    for number_of in range(count):
        found += beaten_in(origin, width, alpha, number_of)
        bar.progress((number_of + 1) / count, _("Both beams on other sentences …"))
    bar.empty()
    return sorted(found, key=len)[:FEW]


@st.cache_data(max_entries=512, show_spinner=False)
def beaten_in(origin: Origin, width: int, alpha: float, chunk: int) -> list[str]:
    """The same for some of the sentences."""
    checkpoint, texts = opened(origin), tried(origin)[CHUNK * chunk : CHUNK * (chunk + 1)]
    sources = [checkpoint.tokenizer.encode(text) for text in texts]
    narrow, wide = (
        beam_batch(checkpoint.model, sources, most(checkpoint.model.config), each, alpha) for each in (width, WIDER)
    )
    pairs = [(text, one, other) for text, one, other in zip(texts, narrow, wide, strict=True) if one != other]
    return [
        text
        for text, one, other in pairs
        if scored(origin, text, other, alpha) > scored(origin, text, one, alpha) + races.LEAST
    ]


def scored(origin: Origin, text: str, ids: list[int], alpha: float) -> float:
    """The score of a whole translation, or of one that was cut off at the limit."""
    return path(origin, text, tuple(ids)).total / penalty_of_length(len(ids), alpha)


@st.cache_data(max_entries=16, show_spinner=False)
def tried(origin: Origin) -> list[str]:
    """The sentences that are tried: the sidebar's examples, and some that the model never learned from."""
    checkpoint = opened(origin)
    longest = min(MOST_SOURCE, checkpoint.model.config.max_positions - 2)
    texts = dict.fromkeys(
        clean(text) for text in (*EXAMPLES, *(pair.source for pair in known(checkpoint.card, HELD_OUT)[1]))
    )
    return [text for text in texts if 1 <= len(checkpoint.tokenizer.encode(text)) <= longest]


def table(race: Race) -> list[list[str | float]]:
    """Every box, not rounded."""
    words = {
        "kept": _("kept"), "finished": _("finished"), "open": _("to choose"), "picked": _("chosen"), "pruned": _("pruned"),
    }  # fmt: skip
    return [[box.step, box.place + 1, box.label, box.log_probability, box.score, words[box.fate]] for box in race.boxes]


def table_columns() -> list[str]:
    """What is in them."""
    return [_("Step"), _("Rank"), _("Piece"), _("Log-probability"), _("Score"), _("Yours")]
