"""Names that attack: what every format must write as text."""

from __future__ import annotations

from dataclasses import replace

from evidence import Dossier

HOSTILE = (
    '=HYPERLINK("http://x.example","click")', "+1+1", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "]]><b>&amp;", "$[name] &lt;b&gt;",
    "../../etc/passwd", "C:\\..\\con", "\u202egnp.exe\u202c", "\u200fa\u2066b\u2069", "a\x00b\x07c\x1bd", "line\r\nbreak\ttab",
    "名" * 10_000, "笑脸\U0001f600店", "𠮷野家𰻝面", "{{7*7}} ${x} %s {0}", "Robert'); DROP TABLE leads;--",
)  # fmt: skip


def short(name: str) -> str:
    """An id for a test."""
    return name[:12].encode("unicode_escape").decode()


def renamed(dossier: Dossier, name: str) -> Dossier:
    """The dossier with the name in every place a name may come from."""
    finding = dossier.finding
    texts = {
        **finding["texts"],
        "title": {"zh": name, "en": name},
        "reasons": [{"zh": name, "en": name}],
    }
    return replace(
        dossier,
        case_number=name,
        finding={**finding, "subject_name": name, "object_name": name, "texts": texts, "reasons": [name],
                 "subject": {**finding["subject"], "address": name}},
    )  # fmt: skip
