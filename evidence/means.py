"""What the office can put under what leaves: its signing key, a time-stamp authority, a person's certificate.

All are named in the environment; what is not named is said to be missing, never passed over. So are the
certificates by which time stamps are believed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from evidence.bundle.build import Stamp
from layers.errors import YichaError
from office.signing_keys import ENVIRONMENT as KEY
from office.signing_keys import PASSWORD as KEY_PASSWORD
from office.signing_keys import SigningKey, read_key

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

    from evidence.bundle.stamps import Trusted

STAMP, TRUST, CERTIFICATE = "YICHA_STAMP_URL", "YICHA_STAMP_TRUST", "YICHA_CERTIFICATE"
PASSWORD = "YICHA_CERTIFICATE_PASSWORD"  # noqa: S105 - the name of the variable


@dataclass(frozen=True, slots=True)
class Means:
    """What is named: the public key (hex), the authority's address, whose certificate it is until when.

    An empty text: nothing is named. `problems`: what is named and cannot be used.
    """

    key: str = ""
    stamp: str = ""
    certificate: str = ""
    until: str = ""
    problems: tuple[str, ...] = ()


def means_of(environ: Mapping[str, str]) -> Means:
    """What the environment names, looked at; nothing is asked over the network."""
    problems = []
    key = certificate = until = ""
    try:
        found = key_of(environ)
        key = found.public.hex() if found else ""
    except YichaError as error:
        problems.append(f"{error.problem} · {error.remedy}")
    try:
        certificate, until = _holder(environ)
    except (OSError, ValueError) as error:
        problems.append(f"{CERTIFICATE}: {error}")
    try:
        trusted_of(environ)
    except YichaError as error:
        problems.append(f"{TRUST}: {error.problem} · {error.remedy}")
    return Means(key, environ.get(STAMP, ""), certificate, until, tuple(problems))


def key_of(environ: Mapping[str, str]) -> SigningKey | None:
    """The office's key, where one is named; `YichaError` where it cannot be read."""
    path = environ.get(KEY)
    return read_key(Path(path), environ.get(KEY_PASSWORD)) if path else None


def stamp_of(environ: Mapping[str, str]) -> Stamp:
    """The authority that is named; `YichaError` where none is.

    Where trusted certificates are named too, a time stamp that they do not bear out is refused at once.
    """
    from evidence.signing import authority  # loads the library for signatures

    url = environ.get(STAMP)
    if not url:
        raise YichaError("no time-stamp authority is configured · 未配置时间戳机构", field=STAMP,
                         remedy=f"set {STAMP}, or export without a time stamp")  # fmt: skip
    return authority(url, trusted_of(environ))


def trusted_of(environ: Mapping[str, str]) -> Trusted:
    """The certificates by which time stamps are believed; none where none are named.

    `YichaError` where they cannot be read.
    """
    from evidence.bundle.stamps import read_trusted  # loads the library for signatures

    path = environ.get(TRUST)
    return read_trusted(Path(path)) if path else ()


def signer_of(environ: Mapping[str, str]) -> Signer:
    """The signer of the certificate that is named; `YichaError` where none is, or it cannot be opened."""
    from evidence.signing import signer_from_file  # loads the library for signatures

    path = environ.get(CERTIFICATE)
    if not path:
        raise YichaError("no certificate is configured · 未配置签名证书", field=CERTIFICATE,
                         remedy=f"set {CERTIFICATE} and {PASSWORD}, or export unsigned")  # fmt: skip
    return signer_from_file(Path(path), environ.get(PASSWORD, ""))


def _holder(environ: Mapping[str, str]) -> tuple[str, str]:
    """Whose certificate is named, and its last day; empty where none is. Raises `OSError`, `ValueError`."""
    path = environ.get(CERTIFICATE)
    if not path:
        return "", ""
    loaded = pkcs12.load_pkcs12(Path(path).read_bytes(), environ.get(PASSWORD, "").encode())
    if loaded.cert is None:
        raise ValueError("no certificate is in the file")
    names = loaded.cert.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    until = loaded.cert.certificate.not_valid_after_utc.date().isoformat()
    return str(names[0].value) if names else "?", until
