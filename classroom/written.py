"""A lesson written down: as plain values, and as YAML that a person can read and change."""

from typing import Any

import yaml

from classroom.lessons import LOCKS, Plan


def plain(plan: Plan, teacher: bool = True) -> dict[str, Any]:
    """The lesson as plain values, without what is empty; without the remarks for the `teacher` if not wanted."""
    steps = []
    for step in plan.steps:
        asked = step.question
        of_question = asked and {
            "ask": asked.ask, "options": list(asked.options), "right": short(asked.right), "tolerance": short(asked.tolerance), "why": asked.why,
        }  # fmt: skip
        found = {
            "at": step.at, "note": step.note, "minutes": step.minutes, "question": of_question and kept(of_question),
            "locked": [each for each in LOCKS if each in step.locked], "teacher": step.teacher if teacher else "",
        }  # fmt: skip
        steps.append({"at": step.at, **kept(found)})
    told = {"title": plan.title, "about": plan.about, "minutes": plan.minutes, "aims": list(plan.aims), "steps": steps}
    return kept(told)


def short(value: str | float | None) -> str | float | None:
    """The value; a whole number without its point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def kept(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that say anything."""
    return {
        key: value for key, value in fields.items() if value not in ("", None, []) and (key != "tolerance" or value)
    }


class Dumper(yaml.SafeDumper):
    """YAML as a person would write it: text of several lines as such."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


Dumper.add_representer(str, _text)


def write(plan: Plan) -> str:
    """The YAML of a lesson: `read(write(plan)) == plan`."""
    return str(yaml.dump(plain(plan), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=110))
