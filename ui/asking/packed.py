"""A question as text, to be kept with a class and shown on another computer: JSON, with all that is needed and nothing of the model."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from ui.asking.poll import Asked, Poll
from ui.asking.question import Given, Question, Sentence
from ui.text import translate as _


def pack(asked: Asked, there: Mapping[str, str] | None = None) -> str:
    """As text. `there` is added to the address of the view where the machine shows the same, such as the sentence and the model."""
    if isinstance(asked, Poll):
        fields = {name: getattr(asked, name) for name in Poll.__dataclass_fields__}
        return json.dumps({"poll": fields}, ensure_ascii=False)
    given = asked.given
    told = {
        "kind": asked.kind, "page": asked.page, "asked": plain(asked.asked), "why": plain(asked.why), "right": asked.right,
        "options": asked.options, "tolerance": asked.tolerance, "digits": asked.digits, "there": {**asked.there, **(there or {})},
        "given": {
            "title": given.title, "rows": given.rows, "columns": given.columns, "names": given.names, "value_name": given.value_name,
            "values": [[None if cell != cell else round(float(cell), 6) for cell in row] for row in given.values],
            "hidden": sorted(given.hidden),
        },
    }  # fmt: skip
    return json.dumps({"question": told}, ensure_ascii=False)


def plain(sentence: Sentence) -> dict[str, Any]:
    """A sentence and its values as text."""
    return {"template": sentence.template, "values": {name: str(value) for name, value in sentence.values.items()}}


def unpack(text: str) -> Asked:
    """The question again; one of another version of the app only says so."""
    try:
        return unpacked(json.loads(text))
    except (KeyError, TypeError, ValueError):
        return Poll(way="word", asked=_("This question was put by another version of the app. Put it away."))


def unpacked(found: dict[str, Any]) -> Asked:
    """The same, of what it is made of."""
    if "poll" in found:
        return Poll(**found["poll"] | {"options": tuple(found["poll"]["options"])})
    told, given = found["question"], found["question"]["given"]
    values = np.array([[np.nan if cell is None else cell for cell in row] for row in given["values"]], dtype=np.float64)
    return Question(
        kind=told["kind"], page=told["page"], asked=Sentence(**told["asked"]), why=Sentence(**told["why"]), right=told["right"],
        options=tuple(told["options"]), tolerance=told["tolerance"], digits=told["digits"], there=told["there"],
        given=Given(
            title=given["title"], rows=tuple(given["rows"]), columns=tuple(given["columns"]), values=values, names=tuple(given["names"]),
            value_name=given["value_name"], hidden=frozenset((row, column) for row, column in given["hidden"]),
        ),
    )  # fmt: skip


def words(asked: Asked) -> str:
    """The question as plain text."""
    return asked.asked if isinstance(asked, Poll) else asked.asked.plain
