"""What the learner says is missing, what becomes of it, the hints, and the score of this session."""

from collections.abc import Callable

import streamlit as st

from pages.detective import cases
from pages.detective.cases import CASE, Case
from pages.detective.evidence import curve
from pages.detective.measures import Measured, measured
from ui import controls
from ui.changed.undo import button
from ui.session.kept import hold
from ui.show import prose
from ui.show.sums import number
from ui.text import Lesson, filled
from ui.text import translate as _

SAID, HINTS, LOG, SHOW = "dt_said", "dt_hints", "_dt_log", "show"
Log = dict[tuple[int, int], tuple[int, int, bool]]  # by seed and case: answers, hints, whether it was solved


def remember() -> None:
    """First in the fragment: what the address says of answers and hints."""
    hold(SAID, "")
    hold(HINTS, 0)


def ask(case: Case, lesson: Lesson) -> None:
    """The hints, the suspects, and what is to be said of the answer."""
    suspects = cases.suspects()
    st.markdown(_("**What is missing?**"))
    with controls.row("atlas_controls_suspects"):
        for each, words in suspects.items():
            button(words, f"dt_say_{each}", sayer(case, each))
        button(_("Show me"), "dt_say_show", sayer(case, SHOW))
    hints(case, lesson)
    answer = str(st.session_state[SAID])
    if answer in (*suspects, SHOW):
        answered(case, answer, lesson)
    score()


def sayer(case: Case, suspect: str) -> Callable[[], None]:
    """For a button: this is the answer."""
    return lambda: say(case, suspect)


def say(case: Case, suspect: str) -> None:
    """Take an answer down. Only in callbacks."""
    st.session_state[SAID] = suspect
    log: Log = st.session_state.setdefault(LOG, {})
    tries, _hints, solved = log.get((case.seed, case.number), (0, 0, False))
    if not solved and tries < len(cases.suspects()):
        tries = len(cases.suspects()) if suspect == SHOW else tries + 1  # after the answer was shown none counts
        log[case.seed, case.number] = (tries, opened(), suspect == case.lacks)


def answered(case: Case, answer: str, lesson: Lesson) -> None:
    """Whether it is right, by which sign one knows, and if it is, why."""
    right = answer in (case.lacks, SHOW)
    names, told = cases.suspects(), values(case)
    sign = lesson.sections[f"Sign {case.lacks if right else answer}"]
    head = (
        _("✓ Right: {part}.") if answer == case.lacks else _("It was: {part}.") if right else _("✗ Not this: {part}.")
    )
    st.html(f'<p class="atlas-cell" role="status">{filled(head, part=names[case.lacks if right else answer])}</p>')
    st.markdown(prose.filled_in(sign, told, literal=True))
    if right:
        st.markdown(prose.filled_in(lesson.sections[f"Why {case.lacks}"], told, literal=True))


def hints(case: Case, lesson: Lesson) -> None:
    """The hints that are open, and a button for one more."""
    lines = lesson.sections[f"Hint {case.lacks}"].splitlines()
    count = min(opened(), len(lines))
    if count:
        st.markdown("\n".join(lines[:count]))
    if count < len(lines):
        label = _("Open a hint ({count} of {all} open)").format(count=count, all=len(lines))
        button(label, "dt_hint", open_one)


def opened() -> int:
    """How many hints are open: an address can ask for any number."""
    count = st.session_state.get(HINTS)
    return count if isinstance(count, int) and 0 < count < 10 else 0


def open_one() -> None:
    """One more hint. Only in callbacks."""
    st.session_state[HINTS] = opened() + 1


def forget() -> None:
    """Nothing is said and no hint is open. Only in callbacks."""
    st.session_state[SAID], st.session_state[HINTS] = "", 0


def go(number: int) -> None:
    """To another case. Only in callbacks."""
    forget()
    st.session_state[CASE] = number if 1 <= number <= cases.MOST else 1


def score() -> None:
    """What became of the cases of this session."""
    log: Log = st.session_state.get(LOG, {})
    solved = [each for each in log.values() if each[2]]
    if log:
        told = _("Your cases: {count} · solved {solved} · at the first answer {first} · without a hint {alone}")
        prose.cell(
            told, count=len(log), solved=len(solved), first=sum(tries == 1 for tries, _hints, _solved in solved),
            alone=sum(not hints for _tries, hints, _solved in solved),
        )  # fmt: skip


def ways(case: Case) -> None:
    """To the case before, to the next one, and back to where nothing was said."""
    button(_("← Case before"), "dt_before", lambda: go(case.number - 1), disabled=case.number <= 1)
    button(_("Next case →"), "dt_next", lambda: go(case.number + 1))
    untouched = not st.session_state.get(SAID) and not opened()
    button(_("As it was"), "dt_reset", forget, disabled=untouched)


def values(case: Case) -> dict[str, str]:
    """The numbers of this model, and with `intact_` before the name those of the intact one."""
    found = {**of(measured(case.model)), **{f"intact_{name}": told for name, told in of(measured(case.intact)).items()}}
    for prefix, origin in (("", case.model), ("intact_", case.intact)):
        losses = curve(origin)[1]
        found[f"{prefix}start"] = number(losses[0], 1) if losses else "–"
    return found | {"number": str(case.number), "seed": str(case.seed)}


def of(found: Measured) -> dict[str, str]:
    """The numbers of one model in words."""
    return {
        "heads": str(found.heads), "right": str(found.right), "count": str(found.count), "loss": number(found.loss, 2),
        "future": number(found.future, 2), "moved": number(found.moved, 2), "alike": number(found.alike, 2), "uneven": number(found.uneven, 2),
        "first": number(found.sizes[0], 1), "last": number(found.sizes[-1], 1), "sizes": " → ".join(number(size, 1) for size in found.sizes),
        **{f"entropy_{kind}": number(value, 2) for kind, value in found.entropy.items()},
        **{f"spread_{kind}": number(value, 2) for kind, value in found.spread.items()},
    }  # fmt: skip


def no_values() -> dict[str, str]:
    """The same names where there is nothing to measure."""
    names = ("right", "count", "loss", "future", "moved", "first", "last")
    return {prefix + name: "–" for name in names for prefix in ("", "intact_")}
