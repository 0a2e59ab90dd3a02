"""Signatures and time stamps, made and checked here: a certificate and an authority of our own."""

from __future__ import annotations

import datetime as dt
import subprocess
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from evidence import Dossier
from evidence.__main__ import main
from evidence.bundle import build_bundle, new_key
from evidence.bundle.report import report_of
from evidence.bundle.verify import verify_bundle
from evidence.bundle.verify_bundle import verify
from evidence.means import Means, key_of, means_of, signer_of, stamp_of
from evidence.sheet.render import make_sheet
from evidence.signing import (
    authority,
    sign_pdf,
    signature_problems,
    signer_from_file,
    signer_from_token,
)
from layers.errors import YichaError
from tests.evidence.authorities import STAMPING, Holder, issued

NONE: Mapping[str, list[object]] = {"events": [], "links": []}


@pytest.fixture(scope="module")
def pfx(tmp_path_factory: pytest.TempPathFactory) -> Path:
    person = issued("李明 (test)")
    file = tmp_path_factory.mktemp("pfx") / "person.p12"
    file.write_bytes(pkcs12.serialize_key_and_certificates(
        b"person", person.key, person.cert, None, BestAvailableEncryption(b"secret")))  # fmt: skip
    return file


@pytest.fixture(scope="module")
def clock() -> Holder:
    """The authority's certificate."""
    return issued("Time-stamp authority", use=STAMPING)


@pytest.fixture
def tsa(clock: Holder) -> Iterator[str]:
    """A real authority on a loopback port."""
    stamper = clock.stamper()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            body = stamper.request_tsa_response(asked).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_signed_sheet_shows_a_flipped_byte(pfx: Path, dossiers: Mapping[str, Dossier]) -> None:
    sheet = make_sheet(dossiers["wage-deposit"])
    signed = sign_pdf(sheet, signer_from_file(pfx, "secret"), reason="证据图", name="李明")
    assert signed.startswith(sheet)
    assert signature_problems(signed) == []
    altered = bytearray(signed)
    altered[len(sheet) // 2] ^= 1
    assert signature_problems(bytes(altered))
    assert signature_problems(sheet) == ["the PDF is not signed"]


def test_a_wrong_password_is_said(pfx: Path, tmp_path: Path) -> None:
    with pytest.raises(YichaError, match="password"):
        signer_from_file(pfx, "wrong")
    with pytest.raises(YichaError, match="cannot be read"):
        signer_from_file(tmp_path / "none.p12", "x")


def test_a_token_without_its_driver_is_said(tmp_path: Path) -> None:
    with pytest.raises(YichaError, match="token"):
        signer_from_token(tmp_path / "none.so", "office", "1234", "李明")


def test_a_time_stamp_is_of_this_manifest_and_under_the_signature(
    tmp_path: Path, tsa: str, clock: Holder, dossiers: Mapping[str, Dossier],
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    out, key = tmp_path / "case.zip", new_key(tmp_path / "office.pem")
    report = build_bundle(
        [dossiers["wage-deposit"]], out, chain=NONE, key=key, stamp=authority(tsa)
    )
    assert report.timestamp
    stamped = verify_bundle(out, trusted=[clock.asn1]).stamped
    assert stamped is not None
    assert stamped.state == "signed"
    assert dt.datetime.fromisoformat(stamped.at).year >= 2020
    assert report_of(out)["stamp"]["state"] == "unchecked"
    assert verify(str(out))[0] == []
    (tmp_path / "clock.pem").write_bytes(clock.pem)
    (tmp_path / "other.pem").write_bytes(issued("Somebody else").pem)
    monkeypatch.setenv("YICHA_STAMP_TRUST", str(tmp_path / "clock.pem"))
    assert main(["verify", str(out)]) == 0
    assert "signed by Time-stamp authority, chain to Time-stamp authority, at 20" in capsys.readouterr().out  # fmt: skip
    assert main(["verify", str(out), "--trust", str(tmp_path / "other.pem")]) == 1
    assert "signature wrong" in capsys.readouterr().out
    with pytest.raises(YichaError, match="cannot be believed"):
        authority(tsa, [issued("Somebody else").asn1])(b"a manifest")
    data = bytearray(out.read_bytes())
    token = data.find(b"timestamp.tsr") + len("timestamp.tsr")
    for at in range(token + 20, token + 900, 97):
        data[at] ^= 4
        out.write_bytes(data)
        assert not verify_bundle(out).intact, at
        data[at] ^= 4


def test_what_can_be_put_under_is_said_and_what_cannot(pfx: Path, tmp_path: Path) -> None:
    assert means_of({}) == Means()
    key = new_key(tmp_path / "office.pem")
    (tmp_path / "trust.pem").write_bytes(b"no certificate")
    assert "YICHA_STAMP_TRUST" in means_of({"YICHA_STAMP_TRUST": str(tmp_path / "trust.pem")}).problems[0]  # fmt: skip
    told = means_of({"YICHA_SIGNING_KEY": str(tmp_path / "office.pem"), "YICHA_STAMP_URL": "http://tsa",
                     "YICHA_CERTIFICATE": str(pfx), "YICHA_CERTIFICATE_PASSWORD": "secret"})  # fmt: skip
    assert told == Means(key.public.hex(), "http://tsa", "李明 (test)", "2099-01-01")
    broken = means_of(
        {"YICHA_CERTIFICATE": str(pfx), "YICHA_SIGNING_KEY": str(tmp_path / "none.pem")}
    )
    assert (broken.key, broken.certificate, len(broken.problems)) == ("", "", 2)
    assert key_of({}) is None
    for missing in (stamp_of, signer_of):
        with pytest.raises(YichaError, match="未配置"):
            missing({})


def test_openssl_reads_the_time_stamp(tmp_path: Path, tsa: str, openssl: str) -> None:
    file = tmp_path / "token.der"
    file.write_bytes(authority(tsa)(b"a manifest"))
    read = subprocess.run([openssl, "ts", "-reply", "-token_in", "-in", str(file), "-text"],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert "Hash Algorithm: sha256" in read.stdout


def test_an_authority_that_is_not_there_is_said() -> None:
    with pytest.raises(YichaError, match="did not answer"):
        authority("http://127.0.0.1:9/")(b"x")
