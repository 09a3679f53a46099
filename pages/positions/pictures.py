"""The four pictures of the page about positions: the table as a map, as curves, the likeness of positions, and the sum."""

from figures.numbers import positions as drawings
from pages.positions import numbers as positions
from pages.positions import words
from pages.positions.words import Picture
from ui.controls.sides import Sentence
from ui.frame import Session
from ui.show.live_plot import Figure
from ui.text import translate as _


def figure(
    session: Session, picture: Picture, sentence: Sentence, rows: slice, place: tuple[int, int],
    pair: tuple[int, int] | None,
) -> Figure:  # fmt: skip
    """The picture that is chosen. Where there is a `pair` to tell, a cell is framed: the pair, or `place`."""
    if picture == "similarity":
        return similarity(session, sentence, rows, pair)
    framed = place if pair else None
    if picture == "sum":
        return total(session, sentence, rows, framed)
    return (
        waves(session, sentence, rows, framed) if picture == "waves" else curves(session, sentence, rows, place, framed)
    )


def axes() -> tuple[str, str]:
    """What rows and columns are."""
    return _("position"), _("dimension")


def waves(session: Session, sentence: Sentence, rows: slice, framed: tuple[int, int] | None) -> Figure:
    """The model's own table of sines and cosines."""
    table = positions.table(session.checkpoint)
    drawn: Figure = drawings.waves(
        table[rows], words.names(sentence, rows), positions.wavelengths(table.shape[1]), names=axes(),
        wave_name=_("wavelength"), value_name=_("value"), title=words.title("waves", sentence), mode=session.mode,
        selected=framed, first=rows.start,
    )  # fmt: skip
    return drawn


def similarity(session: Session, sentence: Sentence, rows: slice, pair: tuple[int, int] | None) -> Figure:
    """How much each two positions are alike."""
    drawn: Figure = drawings.similarity(
        positions.similarity(positions.table(session.checkpoint)[rows]), words.names(sentence, rows), names=axes(),
        value_name=_("cosine"), title=words.title("similarity", sentence), mode=session.mode, selected=pair, first=rows.start,
    )  # fmt: skip
    return drawn


def total(session: Session, sentence: Sentence, rows: slice, framed: tuple[int, int] | None) -> Figure:
    """Embedding, position, and their sum."""
    width = session.checkpoint.model.config.d_model
    drawn: Figure = drawings.stacked(
        positions.parts(session.walk, sentence), words.names(sentence, rows), words.part_names(width), names=axes(),
        value_name=_("value"), title=words.title("sum", sentence), mode=session.mode, selected=framed, first=rows.start,
    )  # fmt: skip
    return drawn


def curves(
    session: Session, sentence: Sentence, rows: slice, place: tuple[int, int], framed: tuple[int, int] | None
) -> Figure:
    """A few dimensions as waves, that of `place` among them, with a point for each position."""
    table = positions.table(session.checkpoint)
    tracks, shift = positions.tracks(table.shape[1], place[1]), 0 if sentence.side == "source" else -1
    wave = positions.curve(tracks, table.shape[1], words.most(sentence, session.checkpoint))
    drawn: Figure = drawings.curves(
        *wave, table[rows][:, tracks], tracks, words.names(sentence, rows), words.track_names(tracks, table.shape[1]),
        names=axes(), value_name=_("value"), title=words.title("curves", sentence), mode=session.mode, selected=framed,
        first=rows.start, shift=shift, thick=place[1],
    )  # fmt: skip
    return drawn
