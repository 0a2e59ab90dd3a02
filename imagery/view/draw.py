"""A crop as a picture to print: scale bar, north, date, source, and how well it is placed."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from imagery.view.crop import Crop

_WORDS = {
    "zh": {"north": "北", "taken": "拍摄", "unknown": "时间不明", "error": "位置误差 ±{0:g} 米",
           "assumed": "（假定）", "pixel": "像元 {0:g} 厘米", "original": "原件",
           "view": "显示副本（已重采样）", "source": "来源"},
    "en": {"north": "N", "taken": "taken", "unknown": "time unknown", "error": "position ±{0:g} m",
           "assumed": " (assumed)", "pixel": "pixel {0:g} cm", "original": "original",
           "view": "view copy (resampled)", "source": "source"},
}  # fmt: skip
_INK, _PAPER = (20, 20, 20), (255, 255, 255)


def draw_crop(
    crop: Crop, font: Path, *, lang: Literal["zh", "en"] = "zh", source: str = ""
) -> bytes:
    """The crop as PNG with a line of facts below it; the pixels above are the crop's own.

    `font` is a TrueType file with the letters of `lang`; `source` what stands for its origin
    (the stored title otherwise).
    """
    size = max(12, crop.frame.width // 45)
    face = ImageFont.truetype(font, size, layout_engine=ImageFont.Layout.BASIC)
    lines = _wrapped(facts_line(crop, lang, source), face, crop.frame.width - 2 * size)
    band = round(size * (1.45 * len(lines) + 0.8))
    image = Image.new("RGB", (crop.frame.width, crop.frame.height + band), _PAPER)
    image.paste(Image.fromarray(crop.picture), (0, 0))
    pen = ImageDraw.Draw(image)
    _scale_bar(pen, crop, face, size)
    _north(pen, crop, face, size, lang)
    for number, line in enumerate(lines):
        pen.text((size, crop.frame.height + size * (0.4 + 1.45 * number)), line, _INK, font=face)
    out = io.BytesIO()
    dpi = 0.0254 / crop.frame.pixel_m
    image.save(out, "PNG", dpi=(dpi, dpi) if dpi > 1 else (72, 72), compress_level=4)
    return out.getvalue()


def facts_line(crop: Crop, lang: Literal["zh", "en"] = "zh", source: str = "") -> str:
    """Date, pixel size, position error, origin: the line under a printed crop."""
    words, taken = _WORDS[lang], crop.taken
    when = (taken.local or taken.utc or "").replace("T", " ")
    zone = taken.zone if taken.local else "UTC" if taken.utc else None
    parts = [f"{words['taken']} {when} {zone or ''}".strip() if when else words["unknown"]]
    if crop.gsd_m is not None:
        parts.append(words["pixel"].format(float(f"{crop.gsd_m * 100:.3g}")))
    if crop.u_m is not None:
        assumed = words["assumed"] if crop.known_by == "assumed" else ""
        parts.append(words["error"].format(float(f"{crop.u_m:.2g}")) + assumed)
    parts.append(f"{words['source']} {source or crop.title} ({words[crop.of]}"
                 f"{', SHA-256 ' + crop.sha256[:16] + '…' if crop.sha256 else ''})")  # fmt: skip
    return " · ".join(parts)


def _wrapped(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines, line = [], ""
    for part in text.split(" · "):
        longer = f"{line} · {part}" if line else part
        if line and face.getlength(longer) > width:
            lines.append(line)
            longer = part
        line = longer
    return [*lines, line]


def _scale_bar(
    pen: ImageDraw.ImageDraw, crop: Crop, face: ImageFont.FreeTypeFont, size: int
) -> None:
    metres = crop.scale_bar_m
    length = metres / crop.frame.pixel_m
    label = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    left, bottom = size, crop.frame.height - size
    high = max(4, size // 3)
    pen.rectangle((left - 4, bottom - high - 1.6 * size, left + max(length, face.getlength(label)) + 6,
                   bottom + 5), fill=_PAPER)  # fmt: skip
    pen.rectangle((left, bottom - high, left + length, bottom), outline=_INK, width=2)
    pen.rectangle((left, bottom - high, left + length / 2, bottom), fill=_INK)
    pen.text((left, bottom - high - 1.5 * size), label, _INK, font=face)


def _north(
    pen: ImageDraw.ImageDraw, crop: Crop, face: ImageFont.FreeTypeFont, size: int, lang: str
) -> None:
    x, top = crop.frame.width - 1.8 * size, size
    pen.rectangle((x - 1.1 * size, top - 4, x + 1.1 * size, top + 3.9 * size), fill=_PAPER)
    pen.polygon([(x, top), (x - 0.7 * size, top + 2 * size), (x, top + 1.5 * size),
                 (x + 0.7 * size, top + 2 * size)], fill=_INK)  # fmt: skip
    pen.text((x, top + 3 * size), _WORDS[lang]["north"], _INK, font=face, anchor="mm")
