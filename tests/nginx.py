"""A real nginx with the configuration that `docs/proxy` ships, on ports of its own with a certificate of its own."""

from __future__ import annotations

import ipaddress
import socket
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ui.settings import ROOT

SHIPPED = ROOT / "docs" / "proxy" / "nginx.conf"
_AROUND = """daemon off;
worker_processes 1;
pid {here}/pid;
error_log {here}/error.log;
events {{}}
http {{
    access_log {here}/access.log;
    client_body_temp_path {here}/body;
    proxy_temp_path {here}/proxy;
    fastcgi_temp_path {here}/fastcgi;
    uwsgi_temp_path {here}/uwsgi;
    scgi_temp_path {here}/scgi;
    include {here}/yicha.conf;
}}
"""


@dataclass
class Nginx:
    """A running proxy; `port` speaks TLS."""

    port: int
    process: subprocess.Popen[bytes]

    def url(self, path: str = "/") -> str:
        return f"https://127.0.0.1:{self.port}{path}"

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(10)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def start(program: str, folder: Path, target: int) -> Nginx:
    """Pass on to `target` as the shipped file says; only ports and files are others."""
    port, plain = free_port(), free_port()
    folder.chmod(0o755)
    certificate(folder)
    text = SHIPPED.read_text(encoding="utf-8")
    for old, new in (("127.0.0.1:8501", f"127.0.0.1:{target}"), ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
                     ("listen 80", f"listen 127.0.0.1:{plain}"), ("/etc/ssl/yicha/full.pem", f"{folder}/full.pem"),
                     ("/etc/ssl/yicha/key.pem", f"{folder}/key.pem")):  # fmt: skip
        assert text.count(old) == 1 or old == "127.0.0.1:8501", old
        text = text.replace(old, new)
    (folder / "yicha.conf").write_text(text, encoding="utf-8")
    (folder / "nginx.conf").write_text(_AROUND.format(here=folder), encoding="utf-8")
    process = subprocess.Popen([program, "-p", str(folder), "-c", str(folder / "nginx.conf")])
    for _ in range(100):
        with socket.socket() as probe:
            probe.settimeout(0.1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return Nginx(port, process)
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        break
    raise AssertionError((folder / "error.log").read_text(encoding="utf-8"))


def certificate(folder: Path) -> None:
    """`full.pem` and `key.pem` for 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "full.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))  # fmt: skip
