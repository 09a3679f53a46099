"""Who may import whom, and the limits of style: a walk over every file, whatever files there are.

Four floors: pages, the frame they share (`ui`), the pictures (`figures`), the model. A floor imports the floors below it.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests import ROOT

PACKAGES = (
    "transformer",
    "relatives",
    "systems",
    "figures",
    "classroom",
    "ui",
    "pages",
    "hosting",
    "benchmarks",
    "tools",
)
FILES = sorted([*ROOT.glob("*.py"), *(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))])
TESTS = sorted((ROOT / "tests").rglob("*.py"))
SCRIPTS = [ROOT / "home.py", *sorted((ROOT / "pages").glob("[0-9]*.py"))]
LONG = {
    "lexicon.py",
    "phrases.py",
    "patterns.py",
}  # of `corpora/grammar`: the words and rules of a language, which are data
STANDARD = sys.stdlib_module_names
DATA = {"numpy", "pandas"}

# Inside `transformer`, from the ground up: the machine's own files, then the rooms. A room imports rooms that stand before it.
MACHINE = (
    "text", "config", "trace", "attention", "layers", "translator", "model", "tokenizer", "numbers", "what_if", "family", "checkpoint",
)  # fmt: skip
ROOMS = ("corpora", "decoding", "training", "analysis", "jobs", "shelf", "commands")

# The modules that one may import, where that is less than all the rooms before it. A package stands for all that is in it.
ALLOWED = {
    "config": set(),
    "trace": set(),
    "attention": {"trace"},
    "layers": {"attention", "config", "trace"},
    "translator": {"config"},
    "model": {"layers", "attention", "config", "trace", "translator"},
    "family": {"config"},
    "text": set(),
    "tokenizer": {"text"},
    "numbers": {"model", "layers", "attention", "config", "trace"},
    "what_if": {"numbers", "model", "layers", "attention", "trace"},
    "checkpoint": {"model", "translator", "family", "tokenizer", "config", "what_if"},
    "decoding.hypotheses": set(),
    "decoding.reading": {"model", "translator", "layers", "attention", "config", "trace"},
    "decoding.lean": {"model", "translator", "layers", "attention", "decoding.reading", "trace"},
    "decoding.search": {"translator", "config", "decoding.hypotheses", "decoding.reading", "decoding.lean", "tokenizer"},
    "decoding.batch": {"translator", "config", "decoding"},
    "training.varied.names": {"corpora"},
    "training.varied.as_typed": {"corpora"},
    "training.batches": {"tokenizer", "corpora", "training.varied.names", "training.varied.as_typed"},
    "training.recipe": {"training.batches", "config", "family"},
    "training.course.state": {"checkpoint"},
    "training.beginning": {"checkpoint", "translator", "family", "config", "training.recipe", "tokenizer"},
    "training.course.descent": {"training.recipe", "training.course.state"},
    "training.course.folder": {"checkpoint", "training.course", "training.recipe", "training.history", "training.card"},
    "training.loop": {"translator", "training.batches", "training.course", "training.recipe", "tokenizer", "corpora"},
    "training.history": {"checkpoint"},
    "training.evaluation": {"translator", "decoding", "corpora", "tokenizer", "checkpoint", "text"},
    "analysis.attributions": {"attention", "analysis.head_roles", "model", "decoding.reading", "trace"},
    "analysis.effects": {"what_if", "numbers", "analysis.memory", "model", "attention", "decoding.reading", "trace"},
    "analysis.before_after": {"checkpoint", "corpora", "training.evaluation", "decoding.batch", "tokenizer", "model"},
}  # fmt: skip


def where(file: Path) -> str:
    """The path as in the repository."""
    return str(file.relative_to(ROOT))


def dotted(file: Path) -> str:
    """The module that a file is, such as `transformer.corpora`."""
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def tree(file: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(file.read_text(encoding="utf-8"), where(file))


FILE = {dotted(file): file for file in FILES}
MODULES = set(FILE)


@cache
def imports(file: Path) -> frozenset[str]:
    """Every module that a file imports, anywhere in it; of this project the very module, of others the dotted name."""
    found: set[str] = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = absolute(file, node)
            names = {f"{base}.{alias.name}" for alias in node.names}
            found |= (names & MODULES) | ({base} if names - MODULES else set())
    return frozenset(found)


def absolute(file: Path, node: ast.ImportFrom) -> str:
    """The module after `from`, relative ones resolved."""
    if not node.level:
        return node.module or ""
    package = dotted(file).split(".") if file.name == "__init__.py" else dotted(file).split(".")[:-1]
    return ".".join([*package[: len(package) - node.level + 1], *([node.module] if node.module else [])])


def tops(file: Path) -> set[str]:
    """The top-level packages that a file imports, without the standard library."""
    return {name.split(".")[0] for name in imports(file)} - STANDARD


def files_of(package: str) -> list[Path]:
    """The Python files of a package."""
    return [file for file in FILES if file.relative_to(ROOT).parts[0] == package]


def test_there_is_something_to_test() -> None:
    assert len(FILES) > 20
    assert {*ALLOWED, *MACHINE, *ROOMS} <= {name.removeprefix("transformer.") for name in MODULES}


def rooms_of_pages() -> list[Path]:
    """The folders beside the pages."""
    return sorted(file.parent for file in (ROOT / "pages").glob("*/__init__.py"))


def test_a_page_is_a_script_that_joins_its_own_parts_with_ui_and_figures() -> None:
    for file in SCRIPTS:
        assert tops(file) <= {"pages", "ui", "figures", "streamlit", *DATA}, where(file)
        own = "home" if file.name == "home.py" else file.stem.partition("_")[2]
        theirs = {name for name in imports(file) if within(name, {"pages"})}
        assert [name for name in theirs if not within(name, {f"pages.{own}"})] == [], where(file)


def test_each_room_belongs_to_a_page() -> None:
    names = {"home", *(file.stem.partition("_")[2] for file in SCRIPTS)}
    assert {folder.name for folder in rooms_of_pages()} <= names


@pytest.mark.parametrize("folder", rooms_of_pages(), ids=where)
def test_the_room_of_a_page_knows_no_other_page(folder: Path) -> None:
    """What two pages need stands in `ui`."""
    own = dotted(folder / "__init__.py")
    for file in folder.rglob("*.py"):
        assert tops(file) <= {
            "pages",
            "ui",
            "figures",
            "classroom",
            "transformer",
            "relatives",
            "systems",
            "streamlit",
            "torch",
            "jinja2",
            "segno",
            "markupsafe",
            *DATA,
        }, where(file)
        theirs = {name for name in imports(file) if within(name, {"pages", "home", "app"})}
        assert [name for name in theirs if not within(name, {own})] == [], where(file)


def test_only_a_page_knows_a_page() -> None:
    outside = [file for file in FILES if file not in SCRIPTS and file.relative_to(ROOT).parts[0] != "pages"]
    assert {
        where(file): tops(file) & {"pages", "home", "app"} for file in outside if tops(file) & {"pages", "home", "app"}
    } == {}


DRAWN = re.compile(
    r"Callable\[.*, (Any|Figure|.*\.Figure)\]"
)  # a function that answers with a picture, or with nobody knows what


def annotations(file: Path) -> Iterator[str]:
    """Everything that is said of the type of an argument, a field or a name, and every alias of a type."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            yield ast.unparse(node.annotation)
        elif isinstance(node, ast.Assign):
            yield ast.unparse(node.value)


@pytest.mark.parametrize("file", [*SCRIPTS, *files_of("pages"), *files_of("ui")], ids=where)
def test_no_function_takes_a_drawing_function(file: Path) -> None:
    """Whoever needs a picture calls the function that draws it, so that a reader can follow it, and its types hold."""
    assert [told for told in annotations(file) if DRAWN.search(told)] == []


def reached(files: list[Path]) -> set[str]:
    """Every module of the project that some files need, by whatever way."""
    found: set[str] = set()
    new = set().union(*(imports(file) for file in files)) & MODULES
    while new:
        found |= new
        new = set().union(*(imports(FILE[name]) for name in new)) & MODULES - found
    return found


def test_ui_holds_no_page_s_own_part() -> None:
    """Each module of the frame is there for two pages at least."""
    users: dict[str, set[str]] = {dotted(file): set() for file in files_of("ui")}
    for script in SCRIPTS:
        room = ROOT / "pages" / ("home" if script.name == "home.py" else script.stem.partition("_")[2])
        for name in reached([script, *room.rglob("*.py")]) & users.keys():
            users[name].add(script.stem)
    assert {name: who for name, who in users.items() if len(who) < 2 and FILE[name].name != "__init__.py"} == {}


DOZEN = 12  # entries of a folder that can be taken in at a glance
MORE = {  # and why some have more
    "": "what tools look for at the top: licence, requirements, settings",
    "pages": "one file a page, because Streamlit looks for them there, and beside it the folder of the page",
    "benchmarks": "one file a benchmark, beside what they share",
    "tests": "one folder a floor, and what they share",
    "tests/browser": "one file for each thing that a visitor does",
    "tests/pages": "one file a page at least",
    "relatives": "as in transformer: the models, and below them a folder for each experiment",
    "transformer": "the machine, to be read in the order of `MACHINE`, and below it its rooms",
    "tests/transformer": "as in transformer",
    "ui": "a room for each thing that pages share",
    "pretrained/systems": "one folder a model",
    "tests/systems": "one file a kind of test, beside what they share",
    "ui/assets": "the style and the script of each component, named like its module",
    "ui/lessons/en": "one file a page",
    "pretrained/grammar-en-fr/snapshots": "one file a moment",
}


def entries() -> dict[str, set[str]]:
    """What stands in each folder that git knows: files, and folders with something in them; Python's own `__x__.py` apart."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    found: dict[str, set[str]] = {}
    for path in filter(None, listed):
        parts = path.split("/")
        for depth, name in enumerate(parts):
            if not (name.startswith("__") or parts[0].startswith(".")) and (ROOT / path).exists():
                found.setdefault("/".join(parts[:depth]), set()).add(name)
    return found


def test_a_folder_can_be_taken_in_at_a_glance() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone, so nobody can say which files belong to the project")
    counts = {folder: len(names) for folder, names in entries().items()}
    assert {folder for folder, count in counts.items() if count > DOZEN} == MORE.keys()


def test_ui_knows_the_floors_below_it() -> None:
    allowed = {
        "ui",
        "figures",
        "classroom",
        "transformer",
        "relatives",
        "systems",
        "streamlit",
        "plotly",
        "torch",
        "latex2mathml",
        *DATA,
    }
    assert {where(file): tops(file) - allowed for file in files_of("ui") if tops(file) - allowed} == {}


def test_only_the_app_knows_what_stands_before_the_pages() -> None:
    """And that knows no page and no model: it carries bytes."""
    assert tops(ROOT / "app.py") <= {"hosting", "ui", "streamlit"}
    for file in files_of("hosting"):
        assert tops(file) <= {"hosting", "classroom", "ui", "streamlit", "starlette", "sse_starlette"}, where(file)
    assert {where(file) for file in FILES if "hosting" in tops(file)} - {"app.py"} == {
        where(file) for file in files_of("hosting") if "hosting" in tops(file)
    }


def test_figures_know_plotly_numbers_and_the_names_of_the_trace() -> None:
    allowed = {"figures", "plotly", "numpy", "transformer", "relatives"}
    for file in files_of("figures"):
        assert tops(file) <= allowed, where(file)
        assert {name for name in imports(file) if name.startswith("transformer")} <= {"transformer.trace"}, where(file)


def test_the_model_knows_no_picture_and_no_page() -> None:
    forbidden = {"plotly", "streamlit", "ui", "figures", "pages", "hosting", "home", "app", "matplotlib"}
    models = [*files_of("transformer"), *files_of("relatives"), *files_of("systems")]
    assert {where(file): tops(file) & forbidden for file in models if tops(file) & forbidden} == {}


def test_the_machine_does_not_know_its_relatives() -> None:
    """It looks them up by name (`transformer.family`); they know it, and torch."""
    assert {where(file) for file in files_of("transformer") if {"relatives", "systems"} & tops(file)} == set()
    for file in files_of("relatives"):
        assert tops(file) <= {"relatives", "transformer", "torch", *DATA}, where(file)
    for file in files_of("systems"):
        assert tops(file) <= {
            "systems",
            "relatives",
            "transformer",
            "torch",
            "safetensors",
            "lightning_fabric",
            *DATA,
        }, where(file)


def test_a_class_is_kept_without_a_model_or_a_page() -> None:
    for file in files_of("classroom"):
        assert tops(file) <= {"classroom", "sqlalchemy", "yaml", "segno"}, where(file)


def within(name: str, packages: set[str]) -> bool:
    """Whether a module is one of `packages` or stands in one of them."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def needed(module: str) -> set[str]:
    """What a module of `transformer` imports of `transformer`; names without that word."""
    file = ROOT / "transformer" / f"{module.replace('.', '/')}.py"
    return {
        name.removeprefix("transformer.")
        for name in imports(file if file.is_file() else file.with_suffix("") / "__init__.py")
        if name.startswith("transformer.")
    }


@pytest.mark.parametrize("module", ALLOWED)
def test_inside_the_model_imports_point_one_way(module: str) -> None:
    assert [name for name in needed(module) if not within(name, ALLOWED[module])] == []


@pytest.mark.parametrize("room", ["", *ROOMS])
def test_a_room_of_the_model_imports_the_rooms_before_it(room: str) -> None:
    """The machine's own files, room "", know no room at all."""
    before = {*MACHINE, *ROOMS[: ROOMS.index(room) + 1 if room else 0]}
    inside = [name.removeprefix("transformer.") for name in MODULES if name.startswith("transformer.")]
    mine = [name for name in inside if within(name, {room} if room else {*MACHINE})]
    assert mine
    for module in mine:
        assert [name for name in needed(module) if not within(name, before)] == [], module


def test_every_file_of_the_model_has_its_place() -> None:
    inside = {name.split(".")[1] for name in MODULES if name.startswith("transformer.")}
    assert inside == {*MACHINE, *ROOMS, "__main__"}


def test_a_corpus_knows_nothing_but_corpora() -> None:
    for file in (ROOT / "transformer" / "corpora").rglob("*.py"):
        inside = {name for name in imports(file) if name.startswith("transformer.")}
        assert all(within(name, {"transformer.corpora", "transformer.text"}) for name in inside), (where(file), inside)


def test_nothing_imports_the_commands() -> None:
    outside = [file for file in FILES if "commands" not in file.parts and file.name != "__main__.py"]
    assert [
        where(file) for file in outside if any(name.startswith("transformer.commands") for name in imports(file))
    ] == []


def test_no_imports_go_round_in_a_circle() -> None:
    graph = {dotted(file): imports(file) & MODULES - {dotted(file)} for file in FILES}
    while leaves := {module for module, needed in graph.items() if not needed & graph.keys()}:
        graph = {module: needed for module, needed in graph.items() if module not in leaves}
    assert graph == {}


def test_only_the_app_knows_streamlit() -> None:
    """A benchmark may speak to a running app in Streamlit's protocol, as a browser does; that draws nothing."""
    inside = {"app.py", "home.py", "pages", "hosting", "ui"}
    outside = [file for file in FILES if file.relative_to(ROOT).parts[0] not in inside]
    drawing = {where(file): {name for name in imports(file) if name.split(".")[0] == "streamlit"} for file in outside}
    protocol = ("streamlit.proto", "streamlit.testing")
    assert {
        file: names for file, names in drawing.items() if not all(name.startswith(protocol) for name in names)
    } == {}


@pytest.mark.parametrize("file", [*SCRIPTS, *files_of("pages"), *files_of("ui")], ids=where)
def test_no_navigation(file: Path) -> None:
    """With `st.navigation` a page opened by a link runs without its frame."""
    assert "navigation" not in {node.attr for node in ast.walk(tree(file)) if isinstance(node, ast.Attribute)}


HEX = re.compile(r"(?<![\w&/])#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})(?![\w-])")


def test_the_pattern_for_colours_finds_them_and_nothing_else() -> None:
    assert all(HEX.search(text) for text in ("#fff", "color:#00224E;", "'#0af8'", "1px solid #A1b2C3d4"))
    assert not any(HEX.search(text) for text in ("#", "#add-norm", "&#123;", "#heading", "issue/#123", "#12"))


def test_only_the_theme_holds_a_colour() -> None:
    for file in FILES:
        if file != ROOT / "figures" / "theme.py":
            texts = [
                node.value
                for node in ast.walk(tree(file))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            ]
            assert [found[0] for text in texts if (found := HEX.search(text))] == [], where(file)


def test_no_style_sheet_or_script_holds_a_colour() -> None:
    kinds = ("*.css", "*.js", "*.html")
    for file in (
        file for package in ("ui", "pages", "figures") for kind in kinds for file in (ROOT / package).rglob(kind)
    ):
        assert HEX.findall(file.read_text(encoding="utf-8")) == [], where(file)


@pytest.mark.parametrize("file", [*FILES, *TESTS], ids=where)
def test_nothing_is_pickled(file: Path) -> None:
    """A checkpoint or an upload from a stranger must never be able to run code."""
    assert not tops(file) & {"dill", "cloudpickle", "joblib", "jsonpickle"}
    assert not imports(file) & {"pickle", "_pickle", "shelve", "marshal", "torch.serialization"}
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in {("torch", "load"), ("torch", "save"), ("pd", "read_pickle")}
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            assert isinstance(node.value, ast.Constant)
            assert node.value.value is False


@pytest.mark.parametrize("file", FILES, ids=where)
def test_a_file_can_be_read_in_one_sitting(file: Path) -> None:
    limit = 60 if file in SCRIPTS else 300
    lines = len(file.read_text(encoding="utf-8").splitlines())
    assert lines <= limit or (file.parent.name == "grammar" and file.name in LONG), (
        f"{lines} lines; the limit is {limit}"
    )


@pytest.mark.parametrize("file", FILES, ids=where)
def test_no_function_is_longer_than_a_screen(file: Path) -> None:
    lengths = {node.name: node.end_lineno - node.lineno + 1 for node in ast.walk(tree(file)) if is_function(node)}
    assert {name: lines for name, lines in lengths.items() if lines > 40} == {}


@pytest.mark.parametrize("file", FILES, ids=where)
def test_all_that_is_public_is_documented_and_annotated(file: Path) -> None:
    assert ast.get_docstring(tree(file)) or not tree(file).body, "the module has no docstring"
    for name, node in public(tree(file)):
        assert ast.get_docstring(node), f"{name} has no docstring"
        if is_function(node):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            assert all(each.annotation for each in arguments if each.arg not in ("self", "cls")), (
                f"{name} is not annotated"
            )
            assert node.returns, f"{name} does not say what it returns"


def is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def public(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    """The public functions, classes and methods, by dotted name; functions within functions are nobody else's business."""
    for child in ast.iter_child_nodes(node):
        if (is_function(child) or isinstance(child, ast.ClassDef)) and not child.name.startswith("_"):
            yield prefix + child.name, child
            if isinstance(child, ast.ClassDef):
                yield from public(child, f"{prefix}{child.name}.")
