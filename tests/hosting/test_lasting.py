"""What never changes is sent once."""

import gzip
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from plotly.offline import get_plotlyjs, get_plotlyjs_version

from tests.hosting.conftest import App
from ui.show import plotly_file

FOR_GOOD = {"public", "max-age=31536000", "immutable"}


@pytest.fixture(params=["plotly.js", "Streamlit's own"])
def path(request: pytest.FixtureRequest, server: App) -> str:
    """A script."""
    if request.param == "plotly.js":
        return plotly_file.address()
    found = re.search(r'src="\./(static/js/[^"]+\.js)"', server.get("/")[1].decode())
    assert found
    return f"/{found[1]}"


def test_a_script_is_packed_and_kept_for_good(server: App, path: str) -> None:
    plain, script = server.get(path)
    packed, body = server.get(path, Accept_Encoding="gzip, deflate")
    for answer in (plain, packed):
        assert answer.status == 200
        assert set(re.split(", *", answer.headers["Cache-Control"])) == FOR_GOOD
        assert "javascript" in answer.headers["Content-Type"]
    assert plain.headers["Content-Encoding"] is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(body) == script
    assert len(body) < len(script) / 2
    again, nothing = server.get(path, Accept_Encoding="gzip", If_None_Match=packed.headers["ETag"])
    assert (again.status, nothing) == (304, b"")
    assert again.headers["ETag"] == packed.headers["ETag"]
    assert server.get(path, Accept_Encoding="gzip", If_None_Match='"another"')[0].status == 200


def test_many_at_once_get_the_same(server: App, path: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        bodies = {body for _, body in pool.map(lambda _: server.get(path, Accept_Encoding="gzip"), range(16))}
    assert len(bodies) == 1


def test_the_pictures_script_is_the_installed_one_and_its_name_says_so(server: App) -> None:
    address = plotly_file.address()
    assert get_plotlyjs_version() in address
    assert server.get(address)[1].decode() == get_plotlyjs()
    assert server.get("/app/static/plotly.min.js")[1] != get_plotlyjs().encode()


@pytest.mark.parametrize("path", ["/", "/static/js/nothing.js", "/tokens.js"])
def test_what_may_change_is_not_kept(server: App, path: str) -> None:
    for _ in range(2):
        answer, _ = server.get(path, Accept_Encoding="gzip")
        assert "immutable" not in (answer.headers["Cache-Control"] or "")
