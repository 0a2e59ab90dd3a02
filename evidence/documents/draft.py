"""A Word draft in the make of Chinese office papers: A4, headings, numbered tables, blanks to fill in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime

import docx
from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph

from evidence.exports.texts import visible
from evidence.exports.zipped import settled

BLANK = ""
"""A cell or a line that a person fills in."""
_SPACE, _SHORT, _LONG = "\u3000", 12, 30
_ROW_MM, _SHORT_TABLE = 8.0, 8
_BODY, _HEAD, _LATIN = "仿宋", "黑体", "Times New Roman"
_MARGINS = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}
"""Millimetres, as GB/T 9704 sets office papers."""
_WIDTH_MM = 156.0
_GREY = RGBColor(0x77, 0x71, 0x68)
_MARK = (
    '<w:r {ns} xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><w:pict>'
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">'
    '<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/>'
    '<v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>'
    '<v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
    '<v:shape id="yicha-mark" o:spid="_x0000_s2049" type="#_x0000_t136" style="position:absolute;margin-left:0;'
    "margin-top:0;width:440pt;height:34pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;"
    'mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin" '
    'o:allowincell="f" fillcolor="#d0d0d0" stroked="f"><v:fill opacity=".5"/>'
    '<v:textpath style="font-family:&quot;仿宋&quot;;font-size:1pt" string=""/></v:shape></w:pict></w:r>'
)
"""A watermark as Word itself writes one; its text is set as an attribute, never pasted into the XML."""


class Draft:
    """One document being written, from the title down."""

    def __init__(self, title: str, *, notices: Sequence[str], watermark: str, made_at: str) -> None:
        self.made_at, self.tables = made_at, 0
        self.document: Document = docx.Document()
        self._page()
        self._styles()
        self._margins_of_page(notices, visible(watermark))
        self.document.add_paragraph(visible(title), style="Title")
        self.document.core_properties.title = visible(title)

    def heading(self, text: str) -> None:
        """A heading of a part."""
        self.document.add_paragraph(visible(text), style="Heading 1")

    def text(self, text: str, *, indent: bool = True) -> Paragraph:
        """A paragraph, its first line two signs in."""
        paragraph = self.document.add_paragraph(visible(text))
        paragraph.paragraph_format.first_line_indent = Pt(28) if indent else None
        return paragraph

    def points(self, texts: Sequence[str]) -> None:
        """Numbered paragraphs; the numbers are text, so that they survive every editor."""
        for number, text in enumerate(texts, 1):
            self.text(f"{number}．{text}")

    def blank(self, label: str, hint: str = "", *, lines: int = 1) -> None:
        """A line (or several) to fill in, with a word in grey on what belongs there."""
        paragraph = self.document.add_paragraph()
        paragraph.add_run(f"{visible(label)}：")
        paragraph.add_run(_SPACE * _SHORT).underline = True
        if hint:
            run = paragraph.add_run(f"（{visible(hint)}）")
            run.font.color.rgb, run.font.size = _GREY, Pt(10.5)
        for _ in range(lines - 1):
            self.document.add_paragraph().add_run(_SPACE * _LONG).underline = True

    def boxes(self, label: str, choices: Sequence[str]) -> None:
        """Choices to tick."""
        self.text(label, indent=False)
        for choice in choices:
            self.text(f"□ {choice}")

    def _keep(self, table: Table) -> None:
        """A short table stays on one page."""
        rows = list(table.rows)
        for row in rows[:-1] if len(rows) <= _SHORT_TABLE else ():
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True

    def fields(self, caption: str, rows: Sequence[tuple[str, str]], *, share: float = 0.26) -> None:
        """A numbered table of two columns: what, and what it is."""
        table = self._table(caption, [share, 1 - share], len(rows))
        for row, (name, value) in zip(table.rows, rows, strict=True):
            _write(row.cells[0].paragraphs[0], name, bold=True)
            _write(row.cells[1].paragraphs[0], value)
        self._keep(table)

    def grid(
        self,
        caption: str,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
    ) -> None:
        """A numbered table with a head that stands on every page; `widths` are shares of the page."""
        table = self._table(caption, widths, len(rows) + 1)
        for cell, name in zip(table.rows[0].cells, head, strict=True):
            _write(cell.paragraphs[0], name, bold=True)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for row, values in zip(list(table.rows)[1:], rows, strict=True):
            for cell, value in zip(row.cells, values, strict=True):
                _write(cell.paragraphs[0], value)
        self._keep(table)

    def pictures(self, caption: str, shown: Sequence[tuple[bytes, str, str]]) -> None:
        """Pictures side by side with their lines below; each is (data, alt text, line)."""
        count = max(len(shown), 2)
        table = self._table(caption, [1 / count] * count, 2)
        for column, (data, alt, line) in enumerate(shown):
            run = table.cell(0, column).paragraphs[0].add_run()
            inline = run.add_picture(io.BytesIO(data), width=Mm(_WIDTH_MM / count - 6))._inline
            inline.docPr.set("descr", visible(alt))
            _write(table.cell(1, column).paragraphs[0], line)

    def rest(self) -> None:
        """A new page."""
        self.document.add_page_break()

    def data(self) -> bytes:
        """The file; the same draft gives the same bytes."""
        core = self.document.core_properties
        core.author, core.last_modified_by, core.comments, core.language = (
            "Yicha",
            "Yicha",
            "",
            "zh-CN",
        )
        made = datetime.fromisoformat(self.made_at)
        core.created = core.modified = (
            made.astimezone(UTC).replace(tzinfo=None) if made.tzinfo else made
        )
        stream = io.BytesIO()
        self.document.save(stream)
        return settled(stream.getvalue(), core.modified.isoformat())

    def _table(self, caption: str, shares: Sequence[float], rows: int) -> Table:
        self.tables += 1
        above = self.document.add_paragraph(style="Caption")
        above.add_run("表")
        _field(above, "SEQ 表 \\* ARABIC", str(self.tables))
        above.add_run(f"\u3000{visible(caption)}")
        above.paragraph_format.keep_with_next = True
        table = self.document.add_table(rows, len(shares), style="Table Grid")
        table.autofit = False
        for column, share in zip(table.columns, shares, strict=True):
            column.width = Mm(_WIDTH_MM * share)
        for row in table.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            row.height, row.height_rule = Mm(_ROW_MM), WD_ROW_HEIGHT_RULE.AT_LEAST
            for cell, share in zip(row.cells, shares, strict=True):
                cell.width, cell.vertical_alignment = (
                    Mm(_WIDTH_MM * share),
                    WD_ALIGN_VERTICAL.CENTER,
                )
        return table

    def _page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        for name, millimetres in _MARGINS.items():
            setattr(section, name, Mm(millimetres))

    def _styles(self) -> None:
        _style(self.document.styles["Normal"], _BODY, 14, bold=False)
        _style(self.document.styles["Title"], _HEAD, 22, bold=True)
        _style(self.document.styles["Heading 1"], _HEAD, 15, bold=True)
        _style(self.document.styles["Caption"], _HEAD, 11, bold=False)
        for name, above in (("Title", 0), ("Heading 1", 12), ("Caption", 8)):
            style = self.document.styles[name]
            assert isinstance(style, ParagraphStyle)
            style.paragraph_format.space_before = Pt(above)
        title = self.document.styles["Title"]
        assert isinstance(title, ParagraphStyle)
        title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        title.paragraph_format.space_after = Pt(14)
        for border in title.element.findall(f".//{qn('w:pBdr')}"):
            border.getparent().remove(border)

    def _margins_of_page(self, notices: Sequence[str], watermark: str) -> None:
        section = self.document.sections[0]
        head = section.header.paragraphs[0]
        told = ["草稿：由承办人核对、补充后使用；文号、日期、印章由人填写", *map(visible, notices)]
        _small(head, " · ".join(told))
        if watermark:
            run = parse_xml(_MARK.format(ns=nsdecls("w")))
            next(run.iter("{urn:schemas-microsoft-com:vml}shape"))[-1].set(
                "string", watermark[:200]
            )
            head._p.append(run)
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _small(foot, f"{watermark}\u3000第 " if watermark else "第 ")
        _field(foot, "PAGE", "1", 9)
        _small(foot, " 页 / 共 ")
        _field(foot, "NUMPAGES", "1", 9)
        _small(foot, " 页")


def _style(style: object, east: str, points: float, *, bold: bool) -> None:
    assert isinstance(style, ParagraphStyle)
    style.font.name, style.font.size, style.font.bold, style.font.italic = (
        _LATIN,
        Pt(points),
        bold,
        False,
    )
    style.font.color.rgb = RGBColor(0, 0, 0)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(4)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name, font in (("ascii", _LATIN), ("hAnsi", _LATIN), ("eastAsia", east)):
        fonts.set(qn(f"w:{name}"), font)


def _write(paragraph: Paragraph, text: str, *, bold: bool = False) -> None:
    run = paragraph.add_run(visible(text))
    run.font.size, run.font.bold = Pt(11), bold
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)


def _small(paragraph: Paragraph, text: str) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(9), _GREY


def _field(paragraph: Paragraph, instruction: str, shown: str, points: float | None = None) -> None:
    """A field of Word with the value it has now, in the look of the text around it."""
    run = paragraph.add_run(shown)
    if points is not None:
        run.font.size, run.font.color.rgb = Pt(points), _GREY
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    field.append(run._r)
    paragraph._p.append(field)
