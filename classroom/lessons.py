"""A lesson: ordered steps through the app, each an address with a note; read from YAML that anybody may have written, and written back.

In code a lesson is a `Plan`, because `ui.text.Lesson` is the prose of a page. Nothing here knows which pages there are: whoever does
hands their names to `read`.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import yaml

MOST = 200_000  # characters of a file
STEPS, AIMS, OPTIONS, MINUTES = 60, 12, 8, 120  # at most
DEEP = 8  # levels of a file
LENGTHS = {
    "title": 120, "about": 400, "aim": 300, "at": 1500, "note": 3000, "teacher": 3000, "ask": 600, "option": 300, "why": 1500,
    "word": 80,
}  # fmt: skip
LOCKS = ("pages", "sentence", "controls", "depths")  # what a step can keep a learner from
RESERVED = (
    "lesson",
    "lesson_step",
    "room",
    "embed",
)  # what no address of a step may say, beside what leads there (`to_...`)


class PlanError(ValueError):
    """Why a lesson cannot be used, as a sentence that says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked in a step: a choice if it has `options`, a number or a word if something is `right`, otherwise open."""

    ask: str
    options: tuple[str, ...] = ()
    right: str | float | None = None  # of a choice the very option; `None`: there is no one right answer
    tolerance: float = 0.0  # of a number
    why: str = ""

    @property
    def kind(self) -> str:
        """`choice`, `number`, `word` or `open`."""
        if self.options:
            return "choice"
        return "open" if self.right is None else "word" if isinstance(self.right, str) else "number"

    def is_right(self, answer: str | float | None) -> bool:
        """Whether the answer is the right one; of an open question every answer is."""
        if self.right is None:
            return True
        if isinstance(self.right, str):
            return folded(str(answer or "")) == folded(self.right)
        return isinstance(answer, int | float) and abs(answer - self.right) <= self.tolerance + 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One view of the app and what is said about it."""

    at: str  # the address within the app, such as `one_head?head=3`; "" is Home
    note: str = ""  # Markdown
    minutes: int = 3
    question: Question | None = None
    locked: frozenset[str] = frozenset()  # of `LOCKS`
    teacher: str = ""  # for the teacher alone

    @property
    def page(self) -> str:
        """The page as the address has it, without its number; "" is Home."""
        return self.at.partition("?")[0]

    @property
    def asked(self) -> dict[str, str]:
        """What the address asks of the page."""
        return dict(parse_qsl(self.at.partition("?")[2], keep_blank_values=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A lesson."""

    title: str = ""
    about: str = ""  # one sentence
    aims: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return sum(step.minutes for step in self.steps)


def folded(text: str) -> str:
    """A word without what does not matter: capitals, spaces and stops around it."""
    return " ".join(text.casefold().split()).strip(" .,;:!?\"'«»“”‘’")


def read(text: str, pages: Collection[str] = (), whole: bool = True) -> Plan:
    """A lesson from its YAML; `PlanError` if it is none. One that is not `whole` may lack its title, steps and notes: a draft."""
    if len(text) > MOST:
        raise PlanError(f"The file has {len(text):,} characters; a lesson has {MOST:,} at most.")
    try:
        guarded(text)
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise PlanError(f"This is no YAML{where(error)}.") from error
    except (ValueError, RecursionError) as error:  # such as the date 2026-99-99
        raise PlanError(
            str(error) if isinstance(error, PlanError) else "This is no YAML that a lesson can be."
        ) from error
    return made(found, pages, whole)


def where(error: yaml.YAMLError) -> str:
    """The line of an error."""
    mark = getattr(error, "problem_mark", None)
    return f": line {mark.line + 1}" if mark is not None else ""


def guarded(text: str) -> None:
    """Refuse what only makes a file large or deep: references to other places, and nesting."""
    deep = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        deep += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            raise PlanError("A lesson cannot refer to another place of its file (`*name`): write the text out.")
        if deep > DEEP:
            raise PlanError("The file is nested too deeply for a lesson.")


def made(found: object, pages: Collection[str] = (), whole: bool = True) -> Plan:
    """A lesson from plain values, as YAML or a link have them."""
    fields = named(found, "The lesson", {"title", "about", "minutes", "aims", "steps"})
    steps = listed(fields, "steps", "The lesson", STEPS)
    plan = Plan(
        title=words(fields, "title", "The lesson"), about=words(fields, "about", "The lesson"),
        aims=tuple(sound(aim, "aim", "The lesson") for aim in listed(fields, "aims", "The lesson", AIMS)),
        steps=tuple(a_step(each, f"Step {number}", pages) for number, each in enumerate(steps, 1)),
    )  # fmt: skip
    told = fields.get("minutes")
    if told is not None and told != plan.minutes and whole:
        raise PlanError(f"The lesson says {told!r:.20} minutes, but its steps take {plan.minutes} together.")
    if whole:
        complete(plan)
    return plan


def complete(plan: Plan) -> None:
    """Refuse a lesson that lacks what a learner needs."""
    if not plan.title:
        raise PlanError("The lesson has no title.")
    if not plan.steps:
        raise PlanError("The lesson has no steps.")
    for number, step in enumerate(plan.steps, 1):
        if not step.note and not step.question:
            raise PlanError(f"Step {number} has neither a note nor a question.")


def a_step(found: object, place: str, pages: Collection[str]) -> Step:
    """A step from plain values."""
    fields = named(found, place, {"at", "note", "minutes", "question", "locked", "teacher"})
    minutes = fields.get("minutes", 3)
    if not isinstance(minutes, int) or isinstance(minutes, bool) or not 1 <= minutes <= MINUTES:
        raise PlanError(f"{place}: `minutes` is a whole number from 1 to {MINUTES}, not {minutes!r:.20}.")
    locked = [sound(each, "word", place) for each in listed(fields, "locked", place, len(LOCKS))]
    if strange := [each for each in locked if each not in LOCKS]:
        raise PlanError(f"{place}: `locked` may have {', '.join(LOCKS)}, not {strange[0]!r}.")
    asked = fields.get("question")
    return Step(
        at=address(words(fields, "at", place), place, pages), note=words(fields, "note", place), minutes=minutes,
        question=None if asked is None else a_question(asked, f"{place}, question"), locked=frozenset(locked),
        teacher=words(fields, "teacher", place),
    )  # fmt: skip


def address(at: str, place: str, pages: Collection[str]) -> str:
    """An address within the app: a page and what is asked of it. Never another site."""
    page, _mark, asked = at.removeprefix("./").removeprefix("/").partition("?")
    if not all((sign.isalnum() and sign.isascii()) or sign == "_" for sign in page) or "#" in asked:
        raise PlanError(f"{place}: `at` is a page of this app such as one_head?head=3, not {at!r:.60}.")
    if pages and page not in pages:
        raise PlanError(f"{place}: there is no page {page!r:.60}.")
    try:
        pairs = parse_qsl(asked, keep_blank_values=True, strict_parsing=bool(asked), max_num_fields=80)
    except ValueError as error:
        raise PlanError(f"{place}: what follows the question mark of `at` is no list of name=value.") from error
    for name, _value in pairs:
        if not name.isidentifier() or not name.isascii() or name in RESERVED or name.startswith("to_"):
            raise PlanError(f"{place}: `at` cannot ask for {name!r:.40}.")
    return f"{page}?{asked}" if asked else page


def a_question(found: object, place: str) -> Question:
    """A question from plain values."""
    fields = named(found, place, {"ask", "options", "right", "tolerance", "why"})
    options = tuple(sound(each, "option", place) for each in listed(fields, "options", place, OPTIONS))
    right, tolerance = fields.get("right"), fields.get("tolerance", 0)
    if not number(tolerance) or tolerance < 0:
        raise PlanError(f"{place}: `tolerance` is a number that is not negative.")
    if right is not None and not (number(right) and not options):
        right = sound(right, "option" if options else "word", place)
    if options and len(set(options)) != len(options):
        raise PlanError(f"{place}: two options are the same.")
    if options and right is not None and right not in options:
        raise PlanError(f"{place}: `right` is none of the options.")
    if not (ask := words(fields, "ask", place)):
        raise PlanError(f"{place}: `ask` is missing.")
    return Question(
        ask=ask, options=options, right=right if right is None or isinstance(right, str) else float(right),
        tolerance=float(tolerance), why=words(fields, "why", place),
    )  # fmt: skip


def number(value: object) -> bool:
    """Whether it is a number that can be compared."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12 and math.isfinite(value)


def named(found: object, place: str, known: Collection[str]) -> Mapping[str, Any]:
    """The value, if it has named fields that are known."""
    if not isinstance(found, dict):
        raise PlanError(f"{place} is no list of `name: value`.")
    if strange := [each for each in found if each not in known]:
        raise PlanError(
            f"{place} has {str(strange[0])!r:.40}, which means nothing here. Known: {', '.join(sorted(known))}."
        )
    return found


def listed(fields: Mapping[str, Any], key: str, place: str, most: int) -> Sequence[object]:
    """A list of a field; none if it is missing."""
    found = fields.get(key) or []
    if not isinstance(found, list | tuple):
        raise PlanError(f"{place}: `{key}` is no list.")
    if len(found) > most:
        raise PlanError(f"{place}: `{key}` has {len(found)} entries; {most} at most.")
    return found


def words(fields: Mapping[str, Any], key: str, place: str) -> str:
    """The text of a field; "" if it is missing."""
    found = fields.get(key)
    return "" if found is None else sound(found, key, place)


def sound(text: object, key: str, place: str) -> str:
    """A text of a kind: not too long, nothing unseen in it, and no picture from elsewhere."""
    if not isinstance(text, str):
        raise PlanError(f"{place}: `{key}` is no text: put {text!r:.40} into quotation marks.")
    text = text.strip()
    if len(text) > LENGTHS[key]:
        raise PlanError(f"{place}: `{key}` has {len(text):,} characters; {LENGTHS[key]:,} at most.")
    if not all(sign.isprintable() or sign in "\n\t\u00a0\u202f\u00ad\u200b\u200c\u200d\u3000" for sign in text):
        raise PlanError(f"{place}: `{key}` has signs that nobody can see.")
    if "![" in text:
        raise PlanError(f"{place}: `{key}` cannot bring a picture along; an address of this app shows one.")
    return text
