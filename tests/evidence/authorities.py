"""Certificates and a time-stamp authority of our own, for tests."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

STAMPING = ExtendedKeyUsageOID.TIME_STAMPING
SINCE = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Holder:
    """A key and its certificate."""

    key: rsa.RSAPrivateKey
    cert: x509.Certificate

    @property
    def pem(self) -> bytes:
        """The certificate as it is handed out."""
        return self.cert.public_bytes(Encoding.PEM)

    @property
    def asn1(self) -> asn1_x509.Certificate:
        """The certificate as the library for time stamps reads it."""
        return asn1_x509.Certificate.load(self.cert.public_bytes(Encoding.DER))

    def stamper(self, at: dt.datetime | None = None, along: Sequence[Holder] = ()) -> DummyTimeStamper:  # fmt: skip
        """An authority with this certificate, whose clock may be set."""
        private = keys.PrivateKeyInfo.load(
            self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        )
        store = SimpleCertificateStore.from_certs([one.asn1 for one in along])
        return DummyTimeStamper(self.asn1, private, certs_to_embed=store, fixed_dt=at)

    def token(self, manifest: bytes, at: dt.datetime, along: Sequence[Holder] = ()) -> bytes:
        """Its token over the SHA-256 of the manifest, at a time of ours."""
        asked = self.stamper(at, along).async_timestamp(hashlib.sha256(manifest).digest(), "sha256")
        made: bytes = asyncio.run(asked).dump()
        return made


def issued(
    name: str, by: Holder | None = None, *, use: x509.ObjectIdentifier | None = None, years: int = 79
) -> Holder:  # fmt: skip
    """A certificate from 2020 on, signed by `by` or by itself; without `use` it may issue others."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issues = use is None
    made = (
        x509.CertificateBuilder().subject_name(own).issuer_name(by.cert.subject if by else own)
        .public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(SINCE).not_valid_after(SINCE.replace(year=SINCE.year + years))
        .add_extension(x509.BasicConstraints(issues, None), critical=True)
        .add_extension(x509.KeyUsage(True, True, False, False, False, issues, False, False, False), critical=True)
    )  # fmt: skip
    if use is not None:
        made = made.add_extension(x509.ExtendedKeyUsage([use]), critical=True)
    return Holder(key, made.sign(by.key if by else key, hashes.SHA256()))
