"""How much one visitor's uploads may hold in memory.

Streamlit keeps whatever is sent to its upload address for as long as the visitor's page is open, under any name, asked for or not.
"""

import asyncio
import re
from typing import cast
from weakref import WeakValueDictionary

import streamlit as st
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)$")  # session and file


class Uploads:
    """Keeps of each visitor's uploads the newest that are together no larger than one may be (`server.maxUploadSize`)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.held: dict[str, dict[str, None]] = {}  # by session its files, the oldest first
        self.turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let uploads of one visitor through one after the other, and forget the oldest where they become too many."""
        put = scope["type"] == "http" and scope["method"] == "PUT" and UPLOAD.search(scope["path"])
        if not put:
            return await self.app(scope, receive, send)
        session, file = put.groups()
        async with self.turns.setdefault(session, asyncio.Lock()):
            try:
                await self.app(scope, receive, send)
            finally:
                self.arrived(session, file)

    def arrived(self, session: str, file: str) -> None:
        """A file may have arrived: give it a name that can be one, and take the oldest of its session out until the rest is small."""
        manager = cast(MemoryUploadedFileManager, runtime.get_instance().uploaded_file_mgr)
        for record in manager.get_files(session, [file]):
            if "\0" in record.name:  # Streamlit's field would fall over it
                manager.add_file(session, record._replace(name=record.name.replace("\0", "")))
        names = self.held.setdefault(session, {})
        names.pop(file, None)
        names[file] = None
        room = st.get_option("server.maxUploadSize") * 2**20  # bytes
        for name in reversed(list(names)):
            sizes = [len(record.data) for record in manager.get_files(session, [name])]
            room -= sum(sizes)
            if room < 0 or not sizes:
                manager.remove_file(session, name)
                del names[name]
        self.held = {each: files for each, files in self.held.items() if manager.get_files(each, list(files))}
