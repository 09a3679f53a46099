"""What all pages share: the frame, the controls, the caches and two small components that run in the browser.

With `app.py` and `pages/`, the only code that imports streamlit. It knows the model, but not the pictures: a page asks
here for a `Walk`, gives its numbers to `figures`, and gives the figure back to `live_plot`.
"""
