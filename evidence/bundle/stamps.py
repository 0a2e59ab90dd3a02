"""Whether a time stamp (RFC 3161) is its authority's word: its signature, and the chain to a certificate the office trusts.

Checked offline, with what lies in the token and the certificates given; no list of revoked ones is fetched.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from asn1crypto import cms
from asn1crypto.x509 import Certificate
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.keys import load_certs_from_pemder
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator.authority import AuthorityWithCert
from pyhanko_certvalidator.context import ValidationContext

from checks import Text
from evidence.words import moment
from layers.errors import YichaError

Trusted = Sequence[Certificate]
_SUFFIXES = frozenset({".pem", ".crt", ".cer", ".der"})
_BROKEN = (ValueError, TypeError, LookupError, AttributeError)
_COMMERCIAL = "1.2.156.10197."
"""China's commercial algorithms (SM2, SM3), by their numbers: no library kept here checks them."""
_WHY = {
    "no_trust": Text("没有给出可信证书", "no trusted certificate given"),
    "algorithm": Text("算法在此无法核验（如国密 SM2）", "its algorithm cannot be checked here (such as SM2)"),
    "unreadable": Text("令牌无法读取", "the token cannot be read"),
    "manifest": Text("针对的是另一份清单", "it speaks of another manifest"),
    "altered": Text("与所签内容不合", "it does not fit what was signed"),
    "expired": Text("签署时证书不在有效期内", "the certificate was not valid at that time"),
    "purpose": Text("证书不是用于时间戳的", "the certificate is not one for time stamps"),
    "stranger": Text("证书链通不到所给的可信证书", "its chain leads to none of the certificates given"),
    "chain": Text("证书链不成立（其中的签名、期限或算法不合）",
                  "its chain does not hold (a signature, a date or an algorithm in it)"),
}  # fmt: skip
_STRANGE = (
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND,
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE,  # signed by itself
)
logging.getLogger("pyhanko").addHandler(logging.NullHandler())  # what it finds is told, not logged


@dataclass(frozen=True, slots=True)
class Stamped:
    """What a time stamp says and whether that is proven; `why` it is not, in one word of `_WHY`.

    `at` when (ISO, UTC), `by` whose certificate signed, `until` that certificate's last day, `to` the trusted one
    at the end of its chain; empty where the token does not tell.
    """

    state: Literal["signed", "unchecked", "wrong"]
    why: str = ""
    at: str = ""
    by: str = ""
    until: str = ""
    to: str = ""

    @property
    def says(self) -> Text:
        """The same in words."""
        if self.state == "signed":
            return Text(f"由 {self.by} 于 {moment(self.at)} 签署，证书链通到 {self.to}（证书有效期至 {self.until}）",
                        f"signed by {self.by}, chain to {self.to}, at {moment(self.at)} (certificate until {self.until})")  # fmt: skip
        head = Text("签名未核验", "signature not checked") if self.state == "unchecked" else Text("签名不符", "signature wrong")  # fmt: skip
        told, why = "".join(f" · {one}" for one in (self.by, moment(self.at)) if one), _WHY[self.why]  # fmt: skip
        return Text(f"{head.zh}：{why.zh}{told}", f"{head.en}: {why.en}{told}")


def check_stamp(token: bytes, manifest: bytes, trusted: Trusted = ()) -> Stamped:
    """What the token over the SHA-256 of the tag manifest is worth to who trusts these certificates.

    The chain must have held at the time the token names. Without `trusted` the signature is still
    compared with what it signs: one that does not fit is wrong whoever made it.
    """
    try:
        signed: Any = cms.ContentInfo.load(token, strict=True)["content"]
        told = signed["encap_content_info"]["content"].parsed
        when: datetime = told["gen_time"].native
        imprint = told["message_imprint"].native
        signer = signed["signer_infos"][0]
        algorithms = [signer[name]["algorithm"].dotted for name in ("digest_algorithm", "signature_algorithm")]  # fmt: skip
    except _BROKEN:
        return Stamped("wrong", "unreadable")
    at = when.isoformat()
    if (imprint["hash_algorithm"]["algorithm"], imprint["hashed_message"]) != ("sha256", hashlib.sha256(manifest).digest()):  # fmt: skip
        return Stamped("wrong", "manifest", at)
    if any(one.startswith(_COMMERCIAL) for one in algorithms):
        return Stamped("unchecked", "algorithm", at)
    try:
        return _weighed(_validated(signed, imprint, trusted, when), at, bool(trusted))
    except UnsupportedAlgorithm:
        return Stamped("unchecked", "algorithm", at)
    except _BROKEN:  # what is not as the standard has it
        return Stamped("wrong", "unreadable", at)


def read_trusted(path: Path) -> Trusted:
    """The certificates of a file (PEM, several if need be, or DER), or of all such files in a folder.

    Raises `YichaError` where there are none.
    """
    try:
        files = sorted(one for one in path.iterdir() if one.suffix.lower() in _SUFFIXES) if path.is_dir() else [path]  # fmt: skip
        found = tuple(load_certs_from_pemder(files))
        if not all(one.subject.native and one.public_key.native for one in found) or not found:
            raise ValueError("no certificate is in it")
    except (OSError, *_BROKEN) as error:
        raise YichaError(f"the trusted certificates cannot be read: {error}", file=path,
                         remedy="give the authority's certificates as .pem or .cer, or a folder of them") from error  # fmt: skip
    return found


def _validated(
    signed: Any, imprint: Mapping[str, Any], trusted: Trusted, when: datetime  # noqa: ANN401
) -> TimestampSignatureStatus:  # fmt: skip
    """What the library says; the certificates are asked as of the time told, never over the network."""
    context = ValidationContext(trust_roots=list(trusted), moment=when, best_signature_time=when, allow_fetching=False)  # fmt: skip
    told = validate_tst_signed_data(signed, context, lambda _: imprint["hashed_message"])
    return TimestampSignatureStatus(**asyncio.run(told))


def _weighed(status: TimestampSignatureStatus, at: str, known: bool) -> Stamped:
    own, path = status.signing_cert, status.validation_path
    facts = (at, _name(own), own.not_valid_after.date().isoformat())
    if not (status.intact and status.valid):
        return Stamped("wrong", "altered", *facts)
    if not known:
        return Stamped("unchecked", "no_trust", *facts)
    # days and use are asked here too: of a certificate that is itself trusted the library asks neither
    if not own.not_valid_before <= status.timestamp <= own.not_valid_after:
        return Stamped("wrong", "expired", *facts)
    uses = own.extended_key_usage_value
    if uses is None or "time_stamping" not in uses.native:
        return Stamped("wrong", "purpose", *facts)
    if status.trust_problem_indic is not None or path is None:
        return Stamped(
            "wrong", "stranger" if status.trust_problem_indic in _STRANGE else "chain", *facts
        )
    anchor = path.trust_anchor.authority
    assert isinstance(anchor, AuthorityWithCert)  # all that are trusted here are certificates
    return Stamped("signed", "", *facts, to=_name(anchor.certificate))


def _name(certificate: Certificate) -> str:
    told = certificate.subject.native
    found = told.get("common_name") or told.get("organization_name") or certificate.subject.human_friendly  # fmt: skip
    return str(found)
