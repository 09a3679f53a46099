"""What can be done with a model: open it, download it, rename it, delete it; and bringing one along."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlencode

import streamlit as st

from pages.models.facts import Model, megabytes
from pages.models.found import choose, say
from transformer import checkpoint
from transformer.jobs import Limits
from transformer.jobs.limits import full_shelf
from transformer.shelf import archive, ownership
from transformer.shelf.archive import ArchiveError
from transformer.shelf.ownership import ShelfError
from ui.session.kept import put
from ui.session.site import site
from ui.session.state import OTHER
from ui.text import plain
from ui.text import translate as _
from ui.training import people

UPLOAD = archive.MOST // 2**20  # megabytes
MINE, FROM_ONE_ADDRESS = 8, 24  # models that one person may have brought along, and all those from one address


def may(model: Model) -> bool:
    """Whether the person may rename and delete it."""
    person = people.known()
    return ownership.may(model.folder, person.token, person.teacher, people.here())


def row(model: Model) -> None:
    """The buttons of one model, side by side."""
    with st.container(key="atlas_model", horizontal=True, vertical_alignment="center", gap="small"):
        if not model.trouble:
            st.button(_("Open"), key="models_open", type="primary", on_click=put_into_sidebar, args=(model.name,))
            download(model, False, _("Download ({size})"))
            if model.moments:
                download(model, True, _("… with {count} snapshots ({size})"))
                if model.whole > archive.MOST:
                    told = _("With its snapshots it is too large to be brought along again ({most} MB at most).")
                    st.caption(told.format(most=UPLOAD))
        if may(model):
            change(model)
    if not may(model):
        st.caption(why_not(model))
    if not model.trouble:
        st.caption(_("A link that opens it, for everybody who can reach this server:"))
        st.code(link(model.name), language=None)


def put_into_sidebar(name: str) -> None:
    """Before the page is drawn again: from now on every page shows that model, as it is now."""
    put("checkpoint", name)
    st.session_state["moment"] = None
    say("success", _("Every page now shows “{name}”.").format(name=name))


def link(name: str) -> str:
    """The address that opens the model, for everybody who can reach this server."""
    return f"{site()}/?{urlencode({'checkpoint': name})}"


def why_not(model: Model) -> str:
    """Who may rename and delete it."""
    if model.shipped:
        return _("This model came with Attention Atlas: it cannot be renamed or deleted.")
    return _("Only the person who made or brought this model, or the teacher, may rename or delete it.")


def download(model: Model, snapshots: bool, words: str) -> None:
    """A button that packs the model when it is clicked."""
    size = model.whole if snapshots else model.size
    label = words.format(size=megabytes(size), count=model.moments)
    pack: Callable[[], bytes] = partial(archive.pack, model.folder, snapshots)
    key = f"models_download_{int(snapshots)}"
    st.download_button(plain(label), pack, f"{model.name}.zip", "application/zip", key=key, on_click="ignore")


def change(model: Model) -> None:
    """Rename and delete; each asks once more."""
    with st.popover(_("Rename"), key=f"models_rename_{model.name}"):
        field = f"models_new_{model.name}"
        st.text_input(_("New name"), model.name, key=field, max_chars=60)
        st.button(_("Rename it"), key="models_rename_now", on_click=rename, args=(model.folder, field), type="primary")
    with st.popover(_("Delete"), key=f"models_delete_{model.name}"):
        st.markdown(_("Delete **{name}** for everybody? This cannot be undone.").format(name=plain(model.name)))
        st.button(_("Delete it"), key="models_delete_now", on_click=delete, args=(model.folder,), type="primary")


def rename(folder: Path, field: str) -> None:
    """Before the page is drawn again."""
    person, old = people.known(), folder.name
    try:
        new = ownership.rename(
            folder, str(st.session_state.get(field, "")), person.token, person.teacher, people.here()
        )
    except ShelfError as error:
        return say("error", str(error))
    for key in ("checkpoint", OTHER):
        if st.session_state.get(key) == old:
            put(key, new.name)
    choose(new.name)
    if new.name == old:
        return say("success", _("The name stays “{old}”: no more of what you typed fits into a name.").format(old=old))
    return say("success", _("“{old}” is now “{new}”.").format(old=old, new=new.name))


def delete(folder: Path) -> None:
    """Before the page is drawn again."""
    person = people.known()
    try:
        ownership.delete(folder, person.token, person.teacher, people.here())
    except ShelfError as error:
        return say("error", str(error))
    choose("")
    return say("success", _("“{name}” is deleted.").format(name=folder.name))


def none_yet() -> None:
    """What to do where there is no model."""
    st.info(_("There is no trained model here yet. Train one, or bring one along:"))
    st.code("python -m transformer train grammar-en-fr --minutes 1 --out runs/mine", language="bash")


def uploads() -> None:
    """The field for a file from elsewhere, what is allowed, and what became of the last one."""
    st.subheader(_("Bring a model along"), anchor=False)
    if not Limits.from_environment().training and not people.known().teacher:
        st.caption(_("Training and uploads are switched off on this server."))
        return
    hint = _(
        "A file that was downloaded here or made by `python -m transformer pack`, up to {most} MB. It is checked before use."
    )
    number = st.session_state.setdefault("_models_uploads", 0)
    file = st.file_uploader(
        hint.format(most=UPLOAD), "zip", key=f"models_upload_{number}", max_upload_size=UPLOAD
    )  # fmt: skip
    if file is not None:
        with st.spinner(_("Checking the model …")):
            take(file.name, file)
        st.session_state["_models_uploads"] = number + 1  # an empty field again
        st.rerun(scope="app")


def take(name: str, file: BinaryIO) -> None:
    """Unpack what was brought, or say why not."""
    person = people.me()
    shelf, owner = checkpoint.FOLDERS[-1], archive.digest(person.token)
    address = archive.digest(people.address()) if people.address() else ""
    try:
        if not person.teacher and archive.brought(shelf, owner) >= MINE:
            raise ArchiveError(_("You have brought {count} models along already. Delete one first.").format(count=MINE))
        if not person.teacher and address and archive.brought(shelf, address) >= FROM_ONE_ADDRESS:
            template = _("From your network {count} models were brought along already. Delete one first.")
            raise ArchiveError(template.format(count=FROM_ONE_ADDRESS))
        if why := full_shelf(shelf, Limits.from_environment().models):
            raise ArchiveError(why)
        folder = archive.unpack(file, shelf, Path(name).stem, owner=owner, address=address)
    except ArchiveError as error:
        return say("error", str(error))
    choose(folder.name)
    return say("success", _("“{name}” is here now, for everybody who uses this server.").format(name=folder.name))
