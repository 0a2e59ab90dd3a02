"""The sealed bundle: originals, findings, history, law and sheets of chosen leads in one file."""

from evidence.bundle.build import BundleReport, build_bundle
from evidence.bundle.verify import Check, verify_bundle
from office.signing_keys import SigningKey, new_key, read_key

__all__ = [
    "BundleReport",
    "Check",
    "SigningKey",
    "build_bundle",
    "new_key",
    "read_key",
    "verify_bundle",
]
