"""Make sure that there is a Chromium for the tests: one on the path, Playwright's own, or Debian's package."""

import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of an installed Chromium: the system's, or the one Playwright downloaded."""
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return on_path or _playwrights_own()


def _playwrights_own() -> str | None:
    from pathlib import Path

    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    """Try Playwright's download, then Debian's package manager."""
    if (
        subprocess.run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]).returncode == 0
        and find()
    ):
        return
    if shutil.which("apt-get"):
        subprocess.run(["apt-get", "update"])
        subprocess.run(["apt-get", "install", "--yes", "--no-install-recommends", "chromium"])


if __name__ == "__main__":
    if not find():
        print("No Chromium found; installing one for the browser tests.", file=sys.stderr)
        install()
    if not find():
        sys.exit("The browser tests need Chromium. Install it (Debian: apt-get install chromium) and run this again.")
