"""The script Streamlit runs for every visitor: which pages there are; each is in its own file."""

import streamlit as st

from ui import person, state
from ui.admin import page as admin
from ui.assets import STATIC, lib_url
from ui.between import page as between
from ui.confirm import page as confirm
from ui.data_desk import page as data
from ui.docket import page as leads
from ui.draw import page as draw
from ui.entitled import entitled
from ui.header import (
    ADMIN,
    BETWEEN,
    CONFIRM,
    DATA,
    DRAW,
    EVIDENCE,
    LEADS,
    MAP,
    MODELS,
    OVERVIEW,
    SCENES,
    UPLOAD,
)
from ui.map import page
from ui.models import page as models
from ui.overview import page as overview
from ui.proof import page as proof
from ui.scenes import page as scenes
from ui.scenes import upload

st.set_page_config(page_title="益察 Yicha", page_icon=str(STATIC / "icon.svg"), layout="wide")
state.begin()
# The font's quotes and dots are as wide as a Chinese sign: on an English page they are set closer.
narrow = '* { font-feature-settings: "palt"; }' if state.language() == "en" else ""
st.html(f'<style>@import url("{lib_url("fonts/noto-sans-sc.css")}"); {narrow}</style>')
st.html(STATIC / "page.css")
if not person.admitted():
    st.stop()
pages = {
    MAP: st.Page(page.show, title="地图", url_path="", default=True),
    MODELS: st.Page(models.show, title="模型", url_path=MODELS),
    LEADS: st.Page(leads.show, title="线索", url_path=LEADS),
    BETWEEN: st.Page(between.show, title="移送", url_path=BETWEEN),
    EVIDENCE: st.Page(proof.show, title="证据", url_path=EVIDENCE),
    OVERVIEW: st.Page(overview.show, title="总览", url_path=OVERVIEW),
    SCENES: st.Page(scenes.show, title="影像", url_path=SCENES),
    UPLOAD: st.Page(upload.show, title="上传", url_path=UPLOAD),
    CONFIRM: st.Page(confirm.show, title="确认", url_path=CONFIRM),
    DATA: st.Page(data.show, title="数据", url_path=DATA),
    ADMIN: st.Page(admin.show, title="管理", url_path=ADMIN),
    DRAW: st.Page(draw.show, title="勾画", url_path=DRAW),
}
state.know_pages(pages)
shown = st.navigation(list(pages.values()), position="hidden")
state.keep_widgets(shown.url_path)
if entitled(shown.url_path or MAP):
    shown.run()
