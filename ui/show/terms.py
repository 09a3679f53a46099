"""Terms of art, explained where they are met: by hovering, by focus, by a tap.

What they mean stands in `ui/lessons/<language>/terms.md`: a section each, called as the term is written in the lessons, other forms
of it after commas.
"""

import html
import re
from functools import lru_cache

from ui import text

UNTOUCHED = re.compile(
    r"(\$[^$]*\$|`[^`]*`|\[\[\w+\]\]|\[[^\]]*\]\([^)]*\)|<[^>]*>)"
)  # formulas, code, places of values, links, tags


def marked(prose: str) -> str:
    """Markdown or HTML in which each term is explained where it stands first."""
    return mark(prose, text.language())


@lru_cache(maxsize=256)
def mark(prose: str, language: str) -> str:
    """The same in one language."""
    known = glossary(language)
    if not known:
        return prose
    forms = sorted(known, key=len, reverse=True)
    found = re.compile(rf"\b({'|'.join(map(re.escape, forms))})\b", re.IGNORECASE)
    met: set[str] = set()

    def explain(match: re.Match[str]) -> str:
        meaning = known[match[0].lower()]
        if meaning in met:
            return match[0]
        met.add(meaning)
        return term(match[0], meaning)

    return "".join(part if place % 2 else found.sub(explain, part) for place, part in enumerate(UNTOUCHED.split(prose)))


def term(word: str, meaning: str) -> str:
    """A word with its meaning, which shows while the word is pointed at or has the focus."""
    return (
        f'<span class="atlas-term" tabindex="0" role="term" aria-label="{html.escape(f"{word}: {meaning}")}">{word}'
        f'<span class="atlas-meaning" aria-hidden="true">{html.escape(meaning)}</span></span>'
    )


@lru_cache
def glossary(language: str) -> dict[str, str]:
    """What each form of each term means, the forms in small letters."""
    sections = text.prose("terms", language).sections
    return {
        form.strip().lower(): " ".join(meaning.split())
        for forms, meaning in sections.items()
        for form in forms.split(",")
    }
