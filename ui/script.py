"""A call of our own script in the browser, as an element of a folium map."""

from __future__ import annotations

from branca.element import MacroElement
from folium.template import Template


class Call(MacroElement):
    """One call of our own script: `yicha.NAME(map or group, values)`."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "yicha.{{ this.function }}({{ this.target() }}, {{ this.values | tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, function: str, values: object, *, with_map: bool = False) -> None:
        super().__init__()
        self._name = "Call"
        self.function, self.values, self.with_map = function, values, with_map

    def target(self) -> str:
        """What the call is about: the parent, and before it the map it stands on."""
        parent = self._parent
        if parent is None or (self.with_map and parent._parent is None):
            raise ValueError("a call needs a parent on a map")
        above = f"{parent._parent.get_name()}, " if self.with_map and parent._parent else ""
        return f"{above}{parent.get_name()}"
