"""Who acts: an invented person in a generated county, elsewhere whoever gives a name; never the machine."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def generated() -> None:
    from pathlib import Path

    import streamlit as st

    from layers import LayerFolder
    from ui.person import person, person_choice
    from ui.texts import texts
    from ui.workplace import Workplace

    place = Workplace(Path(), "", LayerFolder(Path()), generated=True)
    person_choice(place, texts("zh"))
    who = person(place)
    st.text(f"{who.name} {who.roles}" if who else "nobody")


def real() -> None:
    from pathlib import Path

    import streamlit as st

    from layers import LayerFolder
    from ui.person import person, person_choice
    from ui.texts import texts
    from ui.workplace import Workplace

    place = Workplace(Path(), "", LayerFolder(Path()))
    person_choice(place, texts("zh"))
    who = person(place)
    st.text(f"{who.name} {who.roles}" if who else "nobody")


def test_a_generated_county_has_people_of_its_own() -> None:
    app = AppTest.from_function(generated).run()
    assert app.text[-1].value == "王检 ('prosecutor',)"
    app.selectbox[0].select("陈审计").run()
    assert app.text[-1].value == "陈审计 ('auditor',)"
    assert not app.text_input


def test_a_real_office_asks_for_the_name() -> None:
    app = AppTest.from_function(real).run()
    assert app.text[-1].value == "nobody"
    app.text_input[0].input("  周某  ").run()
    assert app.text[-1].value == "周某 ('prosecutor',)"
    app.selectbox[0].select("auditor").run()
    assert app.text[-1].value == "周某 ('auditor',)"
    assert "程序" not in app.selectbox[0].options
    app.text_input[0].input("   ").run()
    assert app.text[-1].value == "nobody"
