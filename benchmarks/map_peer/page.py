"""What one would write instead: the same leads as `folium.GeoJson`, inline in a streamlit-folium map.

Run by `benchmarks.map`; leaflet and fonts come from this machine as in ours. `YICHA_PEER` = how many leads.
"""

from __future__ import annotations

import os
import time

import folium
import streamlit as st
from streamlit_folium import st_folium

from benchmarks.leads import WHO
from leads.views.on_map import lead_table
from office import Database
from ui.assets import folium_links  # noqa: F401 - importing it replaces folium's links


@st.cache_data
def features(most: int) -> dict[str, object]:
    """The leads as GeoJSON, made once."""
    leads = (
        lead_table(Database.open(os.environ["YICHA_PEER_STORE"]), actor=WHO)
        .dropna(subset=["west"])
        .head(most)
    )
    rows = zip(leads["id"], leads["subject_name"], leads["west"], leads["south"], strict=True)
    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"finding": key, "name": name},
         "geometry": {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]}} for key, name, lon, lat in rows
    ]}  # fmt: skip


start = time.perf_counter()
data = features(int(os.environ["YICHA_PEER"]))
chart = folium.Map(location=(27.5, 107), zoom_start=8, tiles=None, prefer_canvas=True)
folium.GeoJson(
    data, marker=folium.CircleMarker(radius=4), tooltip=folium.GeoJsonTooltip(["name"])
).add_to(chart)
answer = st_folium(
    chart, key="map", height=640, use_container_width=True, returned_objects=["last_object_clicked"]
)
st.html(f'<p id="took">{time.perf_counter() - start:.3f}</p>')
