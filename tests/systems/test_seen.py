"""A system that was trained can be seen: the way from its training leads to its page, where it is chosen."""

import shutil
from pathlib import Path

import pytest

from systems import KINDS, shelf
from tests.apps import app, trouble
from tests.pages.trainings import job
from transformer import checkpoint
from transformer.checkpoint import SHIPPED

pytestmark = pytest.mark.filterwarnings("default")
FIRST = {
    kind: name
    for name, folder in reversed(shelf.available().items())
    if SHIPPED in folder.parents and (kind := shelf.kind_at(folder))
}


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shelf of one's own beside the shipped models."""
    monkeypatch.setattr(checkpoint, "FOLDERS", (*checkpoint.FOLDERS[:-1], tmp_path))
    return tmp_path


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind in FIRST])
def test_a_model_of_ones_own_is_chosen_on_its_page(kind: str, mine: Path) -> None:
    shutil.copytree(SHIPPED / "systems" / FIRST[kind], mine / "my-own")
    job(mine, "my-own", arguments=(KINDS[kind].corpora[0], "--model", kind))
    train = app("pages/300_train.py", train_job="my-own")
    assert trouble(train) == []
    [way] = [link for link in train.get("page_link") if link.proto.label == "Open the model →"]
    known = KINDS[kind]
    assert way.proto.query_string == "&".join(
        f"{key}={value}" for key, value in {"to_view": "1", known.menu: "my-own", **known.view}.items()
    )
    there = app(f"pages/{known.page}.py", **{known.menu: "my-own", **known.view})
    assert trouble(there) == []
    assert there.session_state[known.menu] == "my-own"
