"""What a time stamp is worth: signed by whom up to which trusted certificate, not checked, or wrong and why."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

from evidence.bundle.stamps import check_stamp, read_trusted
from layers.errors import YichaError
from tests.evidence.authorities import STAMPING, Holder, issued

MANIFEST = b"a manifest"
AT = dt.datetime(2026, 7, 1, 1, 30, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def root() -> Holder:
    return issued("Root of the office")


@pytest.fixture(scope="module")
def tsa(root: Holder) -> Holder:
    """An authority whose certificate is good until 2030."""
    return issued("Time-stamp authority", root, use=STAMPING, years=10)


def test_a_chain_to_a_trusted_certificate_is_told(root: Holder, tsa: Holder) -> None:
    found = check_stamp(tsa.token(MANIFEST, AT), MANIFEST, [root.asn1])
    assert (found.state, found.by, found.to) == (
        "signed",
        "Time-stamp authority",
        "Root of the office",
    )
    assert (found.at, found.until) == ("2026-07-01T01:30:00+00:00", "2030-01-01")
    assert "signed by Time-stamp authority, chain to Root of the office, at 2026-07-01 09:30 +08:00" in found.says.en  # fmt: skip


def test_the_authority_itself_may_be_what_is_trusted(tsa: Holder) -> None:
    assert check_stamp(tsa.token(MANIFEST, AT), MANIFEST, [tsa.asn1]).to == "Time-stamp authority"


def test_a_chain_over_a_certificate_in_the_token(root: Holder) -> None:
    between = issued("Between", root)
    tsa = issued("Below", between, use=STAMPING)
    assert check_stamp(tsa.token(MANIFEST, AT, [between]), MANIFEST, [root.asn1]).state == "signed"
    assert check_stamp(tsa.token(MANIFEST, AT), MANIFEST, [root.asn1]).why == "stranger"


def test_without_trust_nothing_is_claimed(tsa: Holder) -> None:
    found = check_stamp(tsa.token(MANIFEST, AT), MANIFEST)
    assert (found.state, found.why) == ("unchecked", "no_trust")
    assert found.says.en.startswith("signature not checked: no trusted certificate given")


WRONG: dict[str, Callable[[Holder, Holder], tuple[bytes, bytes, Holder]]] = {
    "manifest": lambda root, tsa: (tsa.token(b"another", AT), MANIFEST, root),
    "stranger": lambda _, tsa: (tsa.token(MANIFEST, AT), MANIFEST, issued("Somebody else")),
    "stranger, signed by itself": lambda root, _: (issued("Itself", use=STAMPING).token(MANIFEST, AT), MANIFEST, root),
    "chain": lambda _, tsa: (tsa.token(MANIFEST, AT), MANIFEST, issued("Root of the office")),
    "expired": lambda root, tsa: (tsa.token(MANIFEST, AT.replace(year=2031)), MANIFEST, root),
    "purpose": lambda root, _: (issued("Web", root, use=ExtendedKeyUsageOID.SERVER_AUTH).token(MANIFEST, AT),
                                MANIFEST, root),
    "unreadable": lambda root, _: (b"0\x03\x02\x01\x01", MANIFEST, root),
}  # fmt: skip


@pytest.mark.parametrize("why", WRONG)
def test_what_is_wrong_is_said(why: str, root: Holder, tsa: Holder) -> None:
    token, manifest, trusted = WRONG[why](root, tsa)
    found = check_stamp(token, manifest, [trusted.asn1])
    assert (found.state, found.why, found.to) == ("wrong", why.partition(",")[0], "")
    assert found.says.en.startswith("signature wrong: ")


def test_a_trusted_authority_that_signs_after_its_days(tsa: Holder) -> None:
    late = tsa.token(MANIFEST, AT.replace(year=2031))
    assert check_stamp(late, MANIFEST, [tsa.asn1]).why == "expired"


def test_an_issuer_that_was_over() -> None:
    root = issued("Root")
    between = issued("Between", root, years=3)
    token = issued("Below", between, use=STAMPING).token(MANIFEST, AT, [between])
    assert check_stamp(token, MANIFEST, [root.asn1]).why == "chain"


@pytest.mark.parametrize("trusting", [True, False])
def test_a_flipped_byte_of_what_is_signed_never_passes(
    root: Holder, tsa: Holder, trusting: bool
) -> None:
    token = tsa.token(MANIFEST, AT)
    trusted = [root.asn1] if trusting else []
    good = check_stamp(token, MANIFEST, trusted)
    time, signature = token.index(b"20260701013000Z"), len(token) - 100
    for at in (time + 3, time + 9, signature, len(token) - 1):
        bad = bytearray(token)
        bad[at] ^= 1
        found = check_stamp(bytes(bad), MANIFEST, trusted)
        assert (found.state, found.why) in {("wrong", "altered"), ("wrong", "unreadable")}, at
    assert good.state == ("signed" if trusting else "unchecked")


def test_a_commercial_algorithm_is_not_checked_rather_than_wrong(root: Holder, tsa: Holder) -> None:
    token = tsa.token(MANIFEST, AT)
    rsa, sm2 = bytes.fromhex("06092a864886f70d010101"), bytes.fromhex("06092a811ccf558201830d")
    at = token.rindex(rsa)  # of the signature; the one before names the kind of key
    found = check_stamp(token[:at] + sm2 + token[at + len(rsa) :], MANIFEST, [root.asn1])
    assert (found.state, found.why) == ("unchecked", "algorithm")


def test_certificates_come_from_a_file_or_a_folder(
    tmp_path: Path, root: Holder, tsa: Holder
) -> None:
    both, alone = tmp_path / "both.pem", tmp_path / "folder" / "root.CER"
    alone.parent.mkdir()
    both.write_bytes(root.pem + tsa.pem)
    alone.write_bytes(root.cert.public_bytes(Encoding.DER))
    assert len(read_trusted(both)) == 2
    assert len(read_trusted(alone.parent)) == 1
    noise = tmp_path / "noise.pem"
    for wrong, data in ((noise, b"no certificate"), (tmp_path / "none.pem", None)):
        if data is not None:
            wrong.write_bytes(data)
        with pytest.raises(YichaError, match="trusted certificates"):
            read_trusted(wrong)


def test_an_authority_run_by_openssl(
    tmp_path: Path, root: Holder, tsa: Holder, openssl: str
) -> None:
    (tmp_path / "manifest").write_bytes(MANIFEST)
    (tmp_path / "tsa.pem").write_bytes(tsa.pem)
    (tmp_path / "tsa.key").write_bytes(tsa.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))  # fmt: skip
    (tmp_path / "serial").write_text("01\n", encoding="utf-8")
    (tmp_path / "ts.cnf").write_text(
        "[tsa]\ndefault_tsa=one\n[one]\nserial=serial\nsigner_cert=tsa.pem\nsigner_key=tsa.key\nsigner_digest=sha256\n"
        "default_policy=1.2.3.4\ndigests=sha256\nordering=yes\ness_cert_id_alg=sha256\n", encoding="utf-8")  # fmt: skip
    for step in (("-query", "-data", "manifest", "-sha256", "-cert", "-out", "asked"),
                 ("-reply", "-config", "ts.cnf", "-queryfile", "asked", "-token_out", "-out", "token")):  # fmt: skip
        subprocess.run([openssl, "ts", *step], cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / "root.pem").write_bytes(root.pem)
    asked = ["-verify", "-token_in", "-in", "token", "-data", "manifest", "-CAfile", "root.pem"]
    subprocess.run([openssl, "ts", *asked], cwd=tmp_path, check=True, capture_output=True)
    found = check_stamp((tmp_path / "token").read_bytes(), MANIFEST, [root.asn1])
    assert (found.state, found.to) == ("signed", "Root of the office")
