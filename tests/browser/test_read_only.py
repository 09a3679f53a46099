"""A checkout that cannot be written, run by somebody whose home cannot be written either."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import ROOT
from tests.browser.visitor import Visitor
from tools.server import Server

pytestmark = pytest.mark.browser
POWERS = "-dac_override,-dac_read_search"  # without these, root may not write either where nothing says so
ORDINARY = ("setpriv", "--bounding-set", POWERS) if os.geteuid() == 0 else ()


@pytest.fixture(scope="module")
def checkout() -> Iterator[Path]:
    """A copy of what git knows, of which nothing can be written; with a `.streamlit/config.toml` as in the repository."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        copy = Path(folder) / "checkout"
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
        for name in filter(None, listed.decode().split("\0")):
            if not name.startswith(("tests/", "docs/")) and (ROOT / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, copy / name)
        subprocess.run(["chmod", "-R", "a+rX,a-w", copy], check=True)
        before = {file.relative_to(copy) for file in copy.rglob("*")}
        yield copy
        assert {file.relative_to(copy) for file in copy.rglob("*")} == before


def test_pictures_come_all_the_same(browser: Browser, checkout: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with Server(checkout, ORDINARY, HOME=str(tmp_path)) as server:
        server.wait()
        visitor = Visitor(browser, f"http://{server.address}")
        for path in ("/train", "/models", "/cross_attention"):
            page = visitor.open(path)
            assert page.locator('[data-testid="stException"]').count() == 0
        assert page.locator(".atlas-figure .js-plotly-plot .main-svg").count() >= 1
        visitor.close()
        assert "Traceback" not in server.said()


def test_nothing_could_be_written(checkout: Path, tmp_path: Path) -> None:
    """Otherwise the test before says nothing."""
    tmp_path.chmod(0o555)
    for folder in (checkout, checkout / "ui", tmp_path):
        touched = subprocess.run([*ORDINARY, "touch", folder / "new"], capture_output=True, text=True)
        assert "Permission denied" in touched.stderr
