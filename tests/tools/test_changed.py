"""Which tests `make check` runs: those that mirror what changed, and a few always."""

import pytest

from tests import ROOT
from tools.changed import ALWAYS, TESTS, changed, chosen


@pytest.mark.parametrize(
    ("path", "tests"),
    [
        ("pages/50_one_head.py", ["tests/pages/test_one_head.py", "tests/pages/test_one_head_numbers.py"]),
        ("pages/tokens/pieces.py", ["tests/pages/test_tokens.py"]),
        (
            "transformer/decoding/lean.py",
            [f"tests/transformer/decoding/test_{name}.py" for name in ("by_hand", "decoding", "sampling")],
        ),
        ("transformer/layers.py", ["tests/transformer/test_layers.py"]),
        ("figures/heads/lines.py", ["tests/figures/test_figures.py", "tests/figures/test_palettes.py"]),
        ("tests/pages/test_models.py", ["tests/pages/test_models.py"]),
        ("README.md", []),
        ("pages/999_gone.py", []),
    ],
)
def test_each_path_has_the_tests_that_mirror_it(path: str, tests: list[str]) -> None:
    assert chosen([path]) == [*ALWAYS, *tests]


def test_every_page_and_room_of_the_model_has_tests() -> None:
    """A floor that no test mirrors would never be tested by `make check`."""
    without = [
        file.name for file in sorted((ROOT / "pages").glob("[0-9]*.py")) if chosen([f"pages/{file.name}"]) == [*ALWAYS]
    ]
    without += [
        str(file.relative_to(ROOT)) for floor in ("transformer", "relatives") for file in sorted((ROOT / floor).rglob("*.py"))
        if file.name != "__main__.py" and chosen([str(file.relative_to(ROOT))]) == [*ALWAYS]
    ]  # fmt: skip
    assert without == []


def test_what_always_runs_is_there() -> None:
    files = [TESTS.parent / name.partition("::")[0] for name in ALWAYS]
    assert [file for file in files if not file.is_file()] == []
    assert all(isinstance(path, str) and path for path in changed()), "git tells what changed"
