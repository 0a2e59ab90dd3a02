"""Verifies a Yicha evidence bundle. Needs Python 3.8 or newer and nothing else: no network, no package.

    python3 verify_bundle.py BUNDLE.zip [--key PUBLIC_KEY_HEX]

It says "intact" or names what was altered: a byte of the container, a file changed, removed,
added or renamed, the signature, an event of the history. Exit code 0 intact, 1 altered, 2 cannot be read.

什么也不联网、不安装：逐字节检查证据包是否完好，并指出何处被改动。
"""

from __future__ import annotations

import argparse
import binascii
import hashlib
import json
import re
import struct
import sys
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Files = dict[str, tuple[int, int, str]]
    Facts = dict[str, Any]
    Point = tuple[int, int, int, int]

BIG = 0xFFFFFFFF
BLOCK = 1 << 20
SMALL = 1 << 26  # manifests, signatures and histories are held in memory up to this


class Altered(Exception):  # noqa: N818 - what it says, not that it failed
    """What is wrong, in one sentence."""


def verify(path: str, expected_key: str | None = None) -> tuple[list[str], Facts]:
    """The problems found, and what the bundle says of itself. Raises Altered where nothing can be read."""
    with Path(path).open("rb") as stream:
        files = _read_container(stream)
        root = _common_root(files)
        problems = []
        names = {name[len(root) :]: one for name, one in files.items()}
        for needed in (
            "bagit.txt",
            "bag-info.txt",
            "manifest-sha256.txt",
            "tagmanifest-sha256.txt",
        ):
            if needed not in names:
                raise Altered(f"{needed} is missing")

        def bytes_of(name: str) -> bytes:
            return _read_small(stream, names[name])

        if bytes_of("bagit.txt") != b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n":
            problems.append("bagit.txt was altered")
        tags = _read_manifest(bytes_of("tagmanifest-sha256.txt"), "tagmanifest-sha256.txt")
        payload = _read_manifest(bytes_of("manifest-sha256.txt"), "manifest-sha256.txt")
        problems += _compare({n: o for n, o in names.items() if n.startswith("data/")}, payload)
        loose = {"tagmanifest-sha256.txt", "signature.txt", "timestamp.tsr"}
        problems += _compare(
            {n: o for n, o in names.items() if not n.startswith("data/") and n not in loose}, tags
        )
        facts = {"files": len(payload), "info": bytes_of("bag-info.txt").decode("utf-8", "replace")}
        stamp = bytes_of("timestamp.tsr") if "timestamp.tsr" in names else b""
        problems += _check_signature(names, bytes_of, stamp, expected_key, facts)
        problems += _check_timestamp(stamp, bytes_of("tagmanifest-sha256.txt"), facts)
        if "data/chain.json" in names:
            problems += _check_chain(bytes_of("data/chain.json"), facts)
    return problems, facts


# --- the container: a zip of stored entries whose every byte follows from its entries -------------


def _read_container(stream: IO[bytes]) -> Files:
    """Name -> (offset of its bytes, size, sha256), every byte of the container compared."""
    files: Files = {}
    directory, at = b"", 0
    stream.seek(0, 2)
    total = stream.tell()
    stream.seek(0)
    while True:
        head = stream.read(30)
        if head[:4] != b"PK\3\4":
            break
        if len(head) < 30:
            raise Altered(f"the file is cut off at byte {total}")
        crc, _, size, name_size, extra_size = struct.unpack("<IIIHH", head[14:30])
        raw, extra = stream.read(name_size), stream.read(extra_size)
        if size == BIG and len(extra) == 20:
            size = struct.unpack("<Q", extra[4:12])[0]
        start = at + 30 + name_size + extra_size
        if start + size > total:
            raise Altered(f"the file is cut off or a size was altered near byte {at}")
        digest, found = hashlib.sha256(), 0
        left = size
        while left:
            block = stream.read(min(BLOCK, left))
            digest.update(block)
            found = zlib.crc32(block, found)
            left -= len(block)
        _same(head + raw + extra, _local_header(raw, found, size), at, raw)
        name = _safe_name(raw)
        if name in files:
            raise Altered(f"{name} stands there twice")
        if found != crc:
            raise Altered(f"{name} was altered")
        files[name] = (start, size, digest.hexdigest())
        directory += _central_header(raw, found, size, at)
        at = start + size
    tail = directory + _end_records(len(files), at, len(directory))
    stream.seek(at)
    _same(stream.read(len(tail) + 1), tail, at, b"the directory of the file")
    if not files:
        raise Altered("this is no bundle")
    return files


def _same(found: bytes, expected: bytes, at: int, what: bytes) -> None:
    if found != expected:
        where = next(
            (n for n in range(min(len(found), len(expected))) if found[n] != expected[n]),
            min(len(found), len(expected)),
        )
        shown = what.decode("utf-8", "replace")
        raise Altered(f"the container was altered at byte {at + where} ({shown})")


def _local_header(name: bytes, crc: int, size: int) -> bytes:
    large = size >= BIG
    extra = struct.pack("<HHQQ", 1, 16, size, size) if large else b""
    shown = BIG if large else size
    return struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 45 if large else 20, 0x0800, 0, 0, 33,
                       crc, shown, shown, len(name), len(extra)) + name + extra  # fmt: skip


def _central_header(name: bytes, crc: int, size: int, at: int) -> bytes:
    wide = [value for value in (size, size, at) if value >= BIG]
    extra = struct.pack(f"<HH{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
    version, shown = 45 if wide else 20, min(size, BIG)
    return struct.pack("<4sBBHHHHHIIIHHHHHII", b"PK\1\2", version, 3, version, 0x0800, 0, 0, 33, crc, shown,
                       shown, len(name), len(extra), 0, 0, 0, 0o100644 << 16, min(at, BIG)) + name + extra  # fmt: skip


def _end_records(count: int, at: int, size: int) -> bytes:
    many = min(count, 0xFFFF)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, many, many, min(size, BIG), min(at, BIG), 0)
    if count < 0xFFFF and at < BIG and size < BIG:
        return end
    whole = struct.pack("<4sQBBHHIIQQQQ", b"PK\6\6", 44, 45, 3, 45, 0, 0, count, count, size, at)
    return whole + struct.pack("<4sIQI", b"PK\6\7", 0, at + size, 1) + end


def _safe_name(raw: bytes) -> str:
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Altered("a file name is not UTF-8") from None
    if name.startswith("/") or "\\" in name or ".." in name.split("/") or not name:
        raise Altered(f"a file name leads out of the bundle: {name!r}")
    return name


def _common_root(files: Files) -> str:
    roots = {name.split("/", 1)[0] + "/" for name in files}
    if len(roots) != 1:
        raise Altered(f"the files do not lie in one folder: {sorted(roots)}")
    return roots.pop()


# --- manifests ------------------------------------------------------------------------------------


def _read_small(stream: IO[bytes], one: tuple[int, int, str]) -> bytes:
    start, size, _ = one
    if size > SMALL:
        raise Altered(f"a manifest of {size} bytes is none of ours")
    stream.seek(start)
    return stream.read(size)


def _read_manifest(data: bytes, name: str) -> dict[str, str]:
    listed: dict[str, str] = {}
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        match = re.match(r"^([0-9a-f]{64})  (.+)$", line)
        if not match or match.group(2) in listed:
            raise Altered(f"{name}, line {number} was altered")
        listed[match.group(2)] = match.group(1)
    return listed


def _compare(found: Files, listed: dict[str, str]) -> list[str]:
    problems = []
    for name in sorted(set(found) | set(listed)):
        if name not in listed:
            problems.append(f"{name} was added or renamed: no manifest names it")
        elif name not in found:
            problems.append(f"{name} was removed or renamed")
        elif found[name][2] != listed[name]:
            problems.append(f"{name} was altered")
    return problems


# --- signature: Ed25519 (RFC 8032), in plain integers ---------------------------------------------

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _check_signature(
    names: Files,
    bytes_of: Callable[[str], bytes],
    stamp: bytes,
    expected_key: str | None,
    facts: Facts,
) -> list[str]:
    if "signature.txt" not in names:
        facts["signed_by"] = None
        return ["the bundle is not signed by the key asked for"] if expected_key else []
    match = re.match(rb"^ed25519 ([0-9a-f]{64}) ([0-9a-f]{128})\n$", bytes_of("signature.txt"))
    if not match:
        return ["signature.txt was altered"]
    key, signature = binascii.unhexlify(match.group(1)), binascii.unhexlify(match.group(2))
    if not _ed25519_verify(
        key, _signed_message(bytes_of("tagmanifest-sha256.txt"), stamp), signature
    ):
        return [
            "the signature does not fit: the manifest, the signature or the time stamp was altered"
        ]
    facts["signed_by"] = match.group(1).decode()
    if expected_key and expected_key.lower() != facts["signed_by"]:
        return [f"signed by another key: {facts['signed_by']}"]
    return []


def _signed_message(manifest: bytes, stamp: bytes) -> bytes:
    return f"yicha-bundle-1\n{hashlib.sha256(manifest).hexdigest()}\n{hashlib.sha256(stamp).hexdigest()}\n".encode()


def _ed25519_verify(key: bytes, message: bytes, signature: bytes) -> bool:
    point, other = _decompress(key), _decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if point is None or other is None or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % Q
    left, right = _multiply(s, _base()), _add(other, _multiply(h, point))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (
        left[1] * right[2] - right[1] * left[2]
    ) % P == 0


def _base() -> Point:
    y = 4 * pow(5, P - 2, P) % P
    x = _recover(y, 0) or 0
    return (x, y, 1, x * y % P)


def _add(a: Point, b: Point) -> Point:
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _multiply(times: int, point: Point) -> Point:
    result = (0, 1, 1, 0)
    while times:
        if times & 1:
            result = _add(result, point)
        point = _add(point, point)
        times >>= 1
    return result


def _recover(y: int, sign: int) -> int | None:
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P:
        return None
    return P - x if x & 1 != sign else x


def _decompress(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = _recover(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


# --- time stamp and history -----------------------------------------------------------------------


def _check_timestamp(stamp: bytes, manifest: bytes, facts: Facts) -> list[str]:
    """Whether the token speaks of this manifest; its own signature is checked by openssl, as README.txt says."""
    facts["timestamp"] = bool(stamp)
    if stamp and hashlib.sha256(manifest).digest() not in stamp:
        return ["the time stamp speaks of another manifest"]
    return []


def _check_chain(data: bytes, facts: Facts) -> list[str]:
    try:
        chain = json.loads(data.decode("utf-8"))
        events, links = chain["events"], chain["links"]
    except (ValueError, KeyError, TypeError):
        return ["data/chain.json was altered"]
    problems = []
    for event in events:
        fields = [
            event[name]
            for name in ("seq", "at", "actor", "roles", "kind", "subject", "body", "previous")
        ]
        text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if hashlib.sha256(text.encode("utf-8")).hexdigest() != event["hash"]:
            problems.append(f"event {event['seq']} of the history was altered")
    hashes = {event["seq"]: event["hash"] for event in events}
    for at, after in enumerate(links[1:]):
        before = links[at]
        if after["seq"] != before["seq"] + 1 or after["previous"] != before["hash"]:
            problems.append(f"the history is broken after event {before['seq']}")
    problems += [
        f"event {link['seq']} is not the one in the chain"
        for link in links
        if hashes.get(link["seq"], link["hash"]) != link["hash"]
    ]
    facts["events"] = len(events)
    return problems


def main(arguments: list[str] | None = None) -> int:
    """Print what was found; 0 intact, 1 altered, 2 cannot be read."""
    parser = argparse.ArgumentParser(description="Verify a Yicha evidence bundle, offline.")
    parser.add_argument("bundle")
    parser.add_argument("--key", help="the public key (64 hex digits) that must have signed it")
    given = parser.parse_args(arguments)
    try:
        problems, facts = verify(given.bundle, given.key)
    except Altered as error:
        problems, facts = [str(error)], {}
    except OSError as error:
        print(f"cannot be read: {error}")
        return 2
    if problems:
        print("ALTERED 已被改动")
        for problem in problems:
            print("  - " + problem)
        return 1
    print(f"intact 完好: {facts['files']} files")
    print(f"signed by 签名公钥: {facts['signed_by'] or 'nobody 未签名'}")
    print(
        "time stamp 时间戳: "
        + ("present; its authority's signature is not checked here, see README.txt · 有；机构签名此处不核验，见 README.txt"
           if facts["timestamp"] else "none 无")
    )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
