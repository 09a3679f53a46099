"""Which tests stand where something has changed: the tests mirror the floors, so each path says where its own are.

Changed is what git does not have yet, or, if that is nothing, what the last commit brought. `make check` runs what this prints;
`make test` runs everything.
"""

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
ALWAYS = (
    "tests/test_architecture.py",
    "tests/pages/test_every_page.py::test_every_page_shows_its_picture",
    "tests/browser/test_smoke.py",
)


def changed() -> list[str]:
    """The paths that differ from the last commit, new ones too; without any, those that the last commit touched."""
    now = lines("git", "diff", "--name-only", "HEAD") + lines("git", "ls-files", "--others", "--exclude-standard")
    return now or lines("git", "show", "--name-only", "--format=", "HEAD")


def lines(*command: str) -> list[str]:
    """The lines that a command prints."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def tests_of(path: PurePosixPath) -> Iterator[Path]:
    """The test files that mirror `path`: those of its page, those named like the file, or all that stand in its folder."""
    floor, *rest = path.parts
    if floor == "tests":
        yield from mine(TESTS.joinpath(*rest))
    elif floor == "pages" and rest:
        page = PurePosixPath(rest[0]).stem.lstrip("0123456789_")
        yield from sorted((TESTS / "pages").glob(f"test_{page}*.py"))
    elif floor in ("ui", "figures", "hosting", "tools"):
        yield from named(TESTS / floor, path.stem)
    elif floor in ("transformer", "relatives", "systems", "classroom"):
        yield from named(TESTS.joinpath(floor, *rest[:-1]), path.stem)


def named(folder: Path, name: str) -> list[Path]:
    """The tests in `folder` that are named like a module, or all of them; where there is no such folder, its parent's."""
    if not folder.is_dir():
        return named(folder.parent, folder.name)
    return sorted(folder.rglob(f"test_{name}.py")) or sorted(folder.rglob("test_*.py"))


def mine(file: Path) -> Iterator[Path]:
    """A test file; for what several share, the tests beside it."""
    if file.name.startswith("test_"):
        yield from [file] if file.is_file() else []
    elif file.suffix == ".py" and file.parent.name != "tests":
        yield from sorted(file.parent.glob("test_*.py"))


def chosen(paths: Iterable[str]) -> list[str]:
    """What pytest is to run: what always is, and the tests of `paths` that are not in a browser, which takes longer."""
    found = {test for path in paths for test in tests_of(PurePosixPath(path))}
    quick = sorted(str(test.relative_to(ROOT)) for test in found if test.parent.name != "browser")
    return [*ALWAYS, *(test for test in quick if test not in ALWAYS)]


if __name__ == "__main__":
    print("\n".join(chosen(changed())))
