"""All that the search knows: pages by their prose, lessons by what they are about, words by what they mean."""

import re
from functools import lru_cache

from classroom.finding import Entry, Index
from classroom.lessons import Plan
from ui import text
from ui.frame import ways
from ui.guide import shelf
from ui.session.kept import VIEW
from ui.show import terms

GLOSSARY, LESSONS = "630_glossary", "610_lessons"
FIND, LESSON = (
    "gl_find",
    "le_plan",
)  # in the addresses of these pages: what is looked for, and the lesson that is looked into
SIGNS = re.compile(r"\$\$?[^$]*\$\$?|[*`#|]|^\s*(?:- |source:.*$)", re.MULTILINE)
ENDS = re.compile(r"(?<=[.!?;])\s+|\n\s*\n|\n- ")


def index() -> Index:
    """What can be found in this session's language."""
    plans = tuple(shelf.shipped().items()) if LESSONS in ways.pages() else ()
    return built(text.language(), ways.pages(), plans)


@lru_cache(maxsize=8)
def built(language: str, pages: tuple[str, ...], plans: tuple[tuple[str, Plan], ...]) -> Index:
    """The same for these pages and lessons."""
    return Index([*of_pages(language, pages), *of_lessons(plans), *of_words(language, pages)])


def of_pages(language: str, pages: tuple[str, ...]) -> list[Entry]:
    """Home and every page."""
    found = []
    for page in (ways.HOME, *pages):
        lesson = text.prose(page, language)
        prose = [section for name, section in lesson.sections.items() if not name.startswith("Code")]
        sentences = [said for section in prose for said in sentences_of(section)]
        found.append(Entry("page", lesson.name, (lesson.title, *sentences), page))
    return found


def of_lessons(plans: tuple[tuple[str, Plan], ...]) -> list[Entry]:
    """The lessons that ship with the app, by what they are about, what they aim at and what their steps say."""
    return [Entry("lesson", plan.title, tuple(told(plan)), LESSONS, {VIEW: "1", LESSON: name}) for name, plan in plans]


def told(plan: Plan) -> list[str]:
    """The sentences of a lesson."""
    parts = (plan.about, *plan.aims, *(step.note for step in plan.steps))
    return [said for part in parts for said in sentences_of(part)] or [plan.title]


def of_words(language: str, pages: tuple[str, ...]) -> list[Entry]:
    """The glossary: each word leads to its place there, or, without that page, to where it is shown live."""
    found = []
    for term in terms.glossary(language):
        page, asked = (GLOSSARY, {FIND: term.word}) if GLOSSARY in pages else (term.page, dict(term.asked))
        found.append(Entry("word", term.word, (term.meaning,), page, {VIEW: "1", **asked}, term.forms[1:]))
    return found


def sentences_of(section: str) -> list[str]:
    """The sentences of a lesson's section, without its formulas; the learner's own values are left open."""
    plain = re.sub(r"\[([^\]\[]*)\]\([^)]*\)", r"\1", re.sub(r"\[\[\w+\]\]", "…", SIGNS.sub(" ", section)))
    told = (" ".join(part.split()) for part in ENDS.split(plain))
    return [said for said in told if len(re.findall(r"[^\W\d]{2,}", said)) > 2]
