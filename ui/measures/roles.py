"""The roles of heads in words."""

from ui.text import translate as _


def role_words() -> dict[str, str]:
    """The roles in words."""
    return {
        "previous": _("looks at the previous piece"), "same": _("looks at its own piece"), "next": _("looks at the next piece"),
        "diagonal": _("follows the diagonal"), "delimiters": _("looks at the delimiters"), "even": _("looks everywhere alike"),
        "": _("no clear role"),
    }  # fmt: skip
