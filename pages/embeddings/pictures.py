"""The pictures of the page about embeddings: rows of the matrix, a map of the vocabulary, flat or in space, the nearest pieces."""

from figures.numbers import embedding, scatter
from figures.writing import distributions
from pages.embeddings import telling, twice, words
from pages.embeddings.words import Picture
from ui.controls import dimension
from ui.controls.sides import Sentence
from ui.frame import Session
from ui.measures.space import Space
from ui.show.live_plot import Figure
from ui.show.picture import Table
from ui.text import translate as _


def figure(session: Session, space: Space, picture: Picture, sentence: Sentence) -> Figure:
    """The picture that is chosen."""
    if picture == "twice":
        return twice.figure(session)
    title = words.title(picture, space, sentence)
    if picture == "rows":
        return rows(session, space, sentence, title)
    if picture == "nearest":
        return nearest(session, space, sentence, title)
    return vocabulary(session, space, sentence, title, 2 if picture == "plane" else 3)


def rows(session: Session, space: Space, sentence: Sentence, title: str) -> Figure:
    """The rows of the sentence's pieces; the chosen piece's is framed, and a cell in it if a dimension is chosen."""
    chosen = None if sentence.chosen is None else (sentence.chosen, dimension.chosen(space.matrix.shape[1]))
    drawn: Figure = embedding.rows(
        words.framed(space, sentence), sentence.shown, title=title, mode=session.mode, names=(_("piece"), _("dimension")),
        value_name=_("value"), selected=chosen, first=sentence.first,
    )  # fmt: skip
    return drawn


def nearest(session: Session, space: Space, sentence: Sentence, title: str) -> Figure:
    """The cosines of the pieces whose rows are most alike."""
    names, cosines = words.neighbours(space, sentence)
    drawn: Figure = distributions.bars(
        names, cosines, title=title, axis_title=_("cosine; dashed: by chance"), mode=session.mode, row=36, mark=telling.chance(space),
    )  # fmt: skip
    return drawn


def vocabulary(session: Session, space: Space, sentence: Sentence, title: str, count: int) -> Figure:
    """Every piece as a point along `count` directions, 2 or 3; those of both sentences are marked."""
    ids, marks = words.marks(session.walk, sentence)
    cloud = space.cloud(ids)
    draw = scatter.plane if count == 2 else scatter.space
    drawn: Figure = draw(
        space.points[ids, :count], marks, space.points[cloud, :count], [space.pieces[id] for id in cloud], title=title,
        axes=words.axes(space, count), groups=words.groups(space, len(cloud)), mode=session.mode,
    )  # fmt: skip
    return drawn


def alt(session: Session, space: Space, picture: Picture, sentence: Sentence) -> str:
    """The picture without a picture."""
    if picture == "twice":
        return f"{twice.title(session)}. {twice.described(session)}"
    return f"{words.title(picture, space, sentence)}. {words.described(picture, space, sentence)}"


def table(session: Session, space: Space, picture: Picture, sentence: Sentence) -> Table:
    """The numbers of the picture."""
    return twice.table(session) if picture == "twice" else words.table(picture, space, session.walk, sentence)
