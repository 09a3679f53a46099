"""The four kinds under each other, with a few numbers each."""

import html
from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[str]], now: int) -> str:
    """HTML: plain names of the columns, rows of a plain name and HTML, the row number `now` marked."""
    columns = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in head)
    body = ""
    for place, (name, *told) in enumerate(rows):
        cells = "".join(f"<td{' class=now' if place == now else ''}>{each}</td>" for each in told)
        body += f'<tr><th scope="row">{html.escape(name)}</th>{cells}</tr>'
    return f"<table><tr>{columns}</tr>{body}</table>"
