"""Every number of the walk can be redone in NumPy: the lines run as they stand, and print what the screen shows."""

import io
import re
from contextlib import redirect_stdout

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.apps import app, said, trouble
from ui.show import numpy_lines

TATOEBA, GRAMMAR = "tatoeba-en-fr", "grammar-en-fr"
SENTENCE = {TATOEBA: "My sister wrote him a long letter.", GRAMMAR: "The little girl reads a long book."}
CELL = {"piece": "2", "source": "3"}
STEPS = {
    "30_positions": [
        {"positions": "waves", "dimension": "7"}, {"positions": "curves", "dimension": "12"}, {"positions": "similarity"},
        {"positions": "sum", "dimension": "5"}, {"positions": "sum", "side": "target"},
    ],
    "20_embeddings": [{"embeddings": name} for name in ("rows", "nearest", "plane", "space", "twice")] + [
        {"embeddings": "rows", "dimension": "9"}
    ],
    "40_queries_keys_values": [{"matrix": letter, "head_dimension": "3"} for letter in "qkv"] + [
        {"matrix": "three"}, {"matrix": "three", "band": "5", "head_dimension": "2"},
    ],
    "50_one_head": [{"kind": kind, "step": str(step)} for kind in ("encoder", "decoder", "cross") for step in range(1, 6)] + [
        {"step": "4", "scale": "false"}, {"step": "2", "scale": "false"}, {"step": "5", "head_dimension": "4"},
        {"kind": "decoder", "step": "3", "source": "2", "piece": "2", "key": "6"},
    ],
    "60_many_heads": [
        {"heads": "word", "head": "2"}, {"heads": "maps", "head": "mean"}, {"heads": "maps", "head": "2", "key": "4"},
        *({"heads": "mix", "band": band, "dimension": "6", "head": "2"} for band in ("0", "2")), {"heads": "mix"},
        {"heads": "rollout"}, {"heads": "rollout", "layer": "2"},
    ],
    "70_the_stack": [
        *({"stack": "path", "curve": str(curve), "station": "2"} for curve in range(4)), {"stack": "feed", "unit": "11"}, {"stack": "feed"},
        *({"stack": "norm", "norm_band": str(band), "dimension": "8", "around": "feed"} for band in (1, 3, 6)),
        {"stack": "norm", "side": "target", "around": "cross"},
    ],
    "80_decoder_and_mask": [{"mask": "causal", "mask_step": str(step), "key": "1"} for step in range(3)],
    "90_cross_attention": [{"head": "mean"}, {"head": "2", "layer": "1"}, {"head": "1", "view": "lines"}],
    "100_output_and_search": [
        {"output": "next"}, {"output": "next", "temperature": "0.5"}, {"output": "beam"}, {"output": "beam", "node": "2.3", "length_penalty": "1.0"},
    ],
}  # fmt: skip
CASES = [(page, asked) for page, each in STEPS.items() for asked in each]


def program(test: AppTest) -> str:
    """The one program on the page."""
    [found] = [each.value for each in test.code if each.value.startswith("import numpy")]
    return str(found)


def printed(text: str) -> str:
    """What a program prints when it is run as it stands."""
    out = io.StringIO()
    with redirect_stdout(out):
        exec(compile(text, "copied", "exec"), {"__name__": "__main__"})
    return out.getvalue().split("\n")[-2] if "[" not in out.getvalue() else out.getvalue()


def on_the_screen(text: str) -> str:
    """What the line before the last says that the screen shows."""
    return text.split("\n")[-2].removeprefix("# on the screen: ")


def value(shown: str) -> tuple[float, float]:
    """A number as the page writes it, and how far from it the number may be that is meant."""
    shown = shown.replace("−", "-").replace(",", "").strip("()")
    if shown == "-∞":
        return float("-inf"), 0.0
    digits, _times, power = shown.partition("×10")
    scale = 10.0 ** int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))) if power else 1.0
    return float(digits) * scale, 0.51 * scale * 10.0 ** -len(digits.partition(".")[2]) + 1e-5 * scale


def same(out: str, shown: str) -> bool:
    """Whether a program printed a number, or the first numbers of a vector, that the screen shows."""
    if "[" not in out:
        there, near = value(shown)
        return float(out) == there or abs(float(out) - there) <= near
    numbers = [float(each) for each in out.strip().strip("[]").split()]
    expected = [value(each) for each in parts(shown)]
    return all(abs(number - there) <= near for number, (there, near) in zip(numbers, expected, strict=False))


def parts(shown: str) -> list[str]:
    """The numbers of a vector as it is shown, or the one number."""
    return [each for each in re.split(r", ", shown.strip("()")) if each != "…"]


def stands(test: AppTest, number: str) -> bool:
    """Whether the sum shows a number as a result, in bold, alone or in a vector."""
    return any(number in parts(bold) for bold in re.findall(r"<b>([^<]*)</b>", said(test)))


@pytest.mark.parametrize(("page", "asked"), CASES, ids=[f"{page}-{'-'.join(asked.values())}" for page, asked in CASES])
def test_the_lines_print_what_the_screen_shows(page: str, asked: dict[str, str]) -> None:
    for model in (TATOEBA, GRAMMAR):
        address = {"checkpoint": model, "text": SENTENCE[model], **CELL, **asked, numpy_lines.FOLD: "true"}
        test = app(f"pages/{page}.py", **address)
        assert trouble(test) == []
        text = program(test)
        assert same(printed(text), shown := on_the_screen(text)), text
        assert all(stands(test, each) for each in parts(shown)), shown


def test_the_lines_follow_the_cell_and_the_step() -> None:
    asked = {"text": SENTENCE[TATOEBA], numpy_lines.FOLD: "true", "kind": "encoder"}
    found = {
        program(app("pages/50_one_head.py", **asked, step=step, source=source, key=key))
        for step in ("1", "2", "4", "5") for source, key in (("2", "3"), ("3", "2"), ("3", "4"))
    }  # fmt: skip
    assert len(found) == 12


def test_they_are_only_written_where_somebody_unfolds_them() -> None:
    test = app("pages/50_one_head.py", text=SENTENCE[TATOEBA])
    assert [each.label for each in test.expander if each.label == "In NumPy"] == ["In NumPy"]
    assert not test.code


def test_every_page_of_the_walk_with_a_sum_has_them() -> None:
    assert {page for page, _asked in CASES} == {
        "20_embeddings", "30_positions", "40_queries_keys_values", "50_one_head", "60_many_heads", "70_the_stack",
        "80_decoder_and_mask", "90_cross_attention", "100_output_and_search",
    }  # fmt: skip


def test_numbers_keep_their_digits() -> None:
    assert numpy_lines.written(np.array([0.123456789, -2.0, -np.inf])) == "np.array([0.123457, -2, -np.inf])"
    assert numpy_lines.written(3) == "3"
