"""The five views, each with its first line, its picture and its words; the scene, the question and the answers stand in all of them."""

import html

import streamlit as st

from pages.vision_transformer import against, attention, cut, positions, seen, without
from pages.vision_transformer import asked as asking
from pages.vision_transformer.asked import Asked
from pages.vision_transformer.seen import Answer
from ui import controls, frame
from ui.frame import Workshop
from ui.scenes import editor
from ui.session import systems
from ui.session.state import Origin
from ui.show import prose
from ui.text import filled
from ui.text import translate as _

VIEWS = {"cut": cut, "positions": positions, "looks": attention, "without": without, "against": against}


def show(session: Workshop) -> None:
    """The chosen view."""
    asked = asking.ask()
    if asked is None:
        return
    rooms = frame.more_rooms()
    with rooms.picture:
        with controls.row():
            view = asking.view()
            asking.models()
        left, beside = st.columns([1.7, 1], gap="small")
        with left:
            editor.show(grid=8)
        with beside:
            asking.field(asked)
            answers(asked)
        VIEWS[view].picture(session, asked)
        st.caption(systems.about(asked.vit))
        systems.way_to_train("vit")
    with rooms.line:
        VIEWS[view].first(asked)
    with rooms.words:
        VIEWS[view].tell(asked)
        prose.depths(session.lesson.of(view), values(asked))


def answers(asked: Asked) -> None:
    """What both models answer, and what is right."""
    mine = seen.answer(asked.vit, asked.scene, asked.text, asked.out)
    told = [line(_("ViT"), mine)]
    if asked.cnn is not None:
        told.append(line(_("CNN"), seen.other(asked.cnn, asked.scene, asked.text)))
    question = f"<p><small>{html.escape(asked.text)}</small></p>"
    st.html(
        f'<div class="atlas-cell" role="status">{question}{"".join(told)}<p>{filled(_("right: {answer}"), answer=mine.right)}</p></div>'
    )
    if asked.out:
        st.caption(_("Patches left out: {count}.").format(count=len(asked.out)))


def line(name: str, answer: Answer) -> str:
    """One model's answer as HTML."""
    mark = _("right") if answer.said == answer.right else _("wrong")
    said = filled(_("{name} {answer}, with {sure}"), name=name, answer=answer.said, sure=f"{100 * answer.sure:.0f} %")
    return f"<p>{said} <small>({html.escape(mark)})</small></p>"


def values(asked: Asked) -> dict[str, str]:
    """For the lesson."""
    sizes = asked.model.sizes
    words = sum(bool(part) for part in asked.question.parts)
    mine = seen.answer(asked.vit, asked.scene, asked.text, asked.out)
    patch = seen.rows(asked.question)[1 + asked.patch]
    return {
        "question": asked.text,
        "answer": mine.said,
        "right": mine.right,
        "sure": f"{100 * mine.sure:.0f} %",
        "patch": patch,
        "d": str(sizes.d_model),
        "layers": str(sizes.layers),
        "heads": str(sizes.heads),
        "d_head": str(sizes.d_model // sizes.heads),
        "words": str(words),
        "rows": str(1 + 36 + words),
        "parameters": f"{asked.model.number_of_parameters:,}",
        "cnn": f"{seen.model_of(asked.cnn).number_of_parameters:,}" if asked.cnn else "—",
        **{
            f"{name}_{what}": tested(origin, what)
            for name, origin in (("vit", asked.vit), ("cnn", asked.cnn))
            for what in ("related", "circles")
        },
    }


def tested(origin: Origin | None, what: str) -> str:
    """What the card says of held-out scenes, in per cent."""
    value = systems.opened(origin).card.get("test", {}).get(what) if origin else None
    return "—" if value is None else f"{value:.0f} %"
