"""The app, as `streamlit run app.py` finds it: the pages, from `home.py` on, and what stands between them and the network."""

import streamlit as st

import hosting
from ui import ROOT

app = st.App(ROOT / "home.py", routes=hosting.routes(), middleware=hosting.middleware(), lifespan=hosting.shown)
