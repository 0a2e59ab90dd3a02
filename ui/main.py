"""The script Streamlit runs for every visitor; the page itself is in `ui.page`."""

from ui.page import show

show()
