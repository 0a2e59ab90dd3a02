"""A table of HTML cells: every cell names its column for narrow windows, and headings are text."""

from __future__ import annotations

from ui.table import table_html


def test_every_cell_names_its_column() -> None:
    made = table_html(["A & B", "C"], [("<b>1</b>", "2"), ("3", "4")], css="mine")
    assert made.count('<td data-name="A &amp; B"><div>') == 2
    assert '<td data-name="C"><div>4</div></td>' in made
    assert '<th scope="col">A &amp; B</th>' in made
    assert 'class="y-table y-plain mine"' in made
