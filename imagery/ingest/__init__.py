"""Ingest: files and folders come in, byte for byte first, then as dated and placed scenes."""

from imagery.ingest.pipeline import ingest
from imagery.ingest.report import FileRow, IngestReport

__all__ = ["FileRow", "IngestReport", "ingest"]
