"""Which of a visitor's uploads stay: the newest, as far as there is room."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from hosting.uploads import Uploads


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> MemoryUploadedFileManager:
    """Streamlit's keeper of files."""
    manager = MemoryUploadedFileManager("/_stcore/upload_file")
    monkeypatch.setattr(runtime, "get_instance", lambda: SimpleNamespace(uploaded_file_mgr=manager))
    return manager


def arriving(manager: MemoryUploadedFileManager, *files: tuple[str, str, int]) -> Uploads:
    """What stands before it, after files (session, name, megabytes) have arrived one after the other; 0 MB is refused."""
    sizes = {f"/_stcore/upload_file/{session}/{name}": size for session, name, size in files}

    async def app(scope: Any, *_: Any) -> None:
        session, name = scope["path"].split("/")[-2:]
        if size := sizes[scope["path"]]:
            manager.add_file(session, UploadedFileRec(name, name, "", bytes(size * 2**20)))

    async def all_of_them(uploads: Uploads) -> None:
        for path in sizes:
            await uploads({"type": "http", "method": "PUT", "path": path}, app, app)

    uploads = Uploads(app)
    asyncio.run(all_of_them(uploads))
    return uploads


def kept(manager: MemoryUploadedFileManager, session: str) -> set[str]:
    """The files that are still there."""
    return set(manager.file_storage.get(session, {}))


def test_the_oldest_goes_first(manager: MemoryUploadedFileManager) -> None:
    assert st.get_option("server.maxUploadSize") == 64
    arriving(manager, ("ann", "a", 30), ("ann", "b", 20), ("ann", "c", 10), ("ann", "d", 40))
    assert kept(manager, "ann") == {"c", "d"}


def test_one_visitor_does_not_cost_another(manager: MemoryUploadedFileManager) -> None:
    arriving(manager, ("ann", "a", 60), ("bob", "b", 60), ("bob", "c", 60), ("ann", "refused", 0))
    assert kept(manager, "ann") == {"a"}
    assert kept(manager, "bob") == {"c"}


def test_a_nul_is_taken_out_of_a_name(manager: MemoryUploadedFileManager) -> None:
    """Streamlit's file field raises an error for it."""
    uploads = arriving(manager, ("ann", "a", 1))
    manager.add_file("ann", UploadedFileRec("a", "my\0model\0.zip", "", b"x"))
    uploads.arrived("ann", "a")
    [record] = manager.get_files("ann", ["a"])
    assert (record.name, record.data) == ("mymodel.zip", b"x")


def test_who_has_left_is_forgotten(manager: MemoryUploadedFileManager) -> None:
    uploads = arriving(manager, ("ann", "a", 1), ("bob", "b", 1))
    manager.remove_session_files("ann")
    uploads.arrived("bob", "b")
    assert uploads.held.keys() == {"bob"}
