"""The codes of RFC 6238, appendix B."""

from __future__ import annotations

import base64

import pytest

from office.doors.totp import code_of, matching_step, new_secret, step_of, uri

VECTORS = [
    (59, 0x1, "94287082", "46119246", "90693936"),
    (1111111109, 0x23523EC, "07081804", "68084774", "25091201"),
    (1111111111, 0x23523ED, "14050471", "67062674", "99943326"),
    (1234567890, 0x273EF07, "89005924", "91819424", "93441116"),
    (2000000000, 0x3F940AA, "69279037", "90698825", "38618901"),
    (20000000000, 0x27BC86AA, "65353130", "77737706", "47863826"),
]
DIGITS = "1234567890" * 7
SEEDS = [(20, "sha1"), (32, "sha256"), (64, "sha512")]


@pytest.mark.parametrize(("time", "step", "sha1", "sha256", "sha512"), VECTORS)
def test_the_vectors(time: int, step: int, sha1: str, sha256: str, sha512: str) -> None:
    assert time // 30 == step
    for (length, digest), code in zip(SEEDS, (sha1, sha256, sha512), strict=True):
        secret = base64.b32encode(DIGITS[:length].encode()).decode()
        assert code_of(secret, step, digits=8, digest=digest) == code


def test_the_step_of_a_moment() -> None:
    assert step_of("2009-02-13T23:31:30Z") == 0x273EF07
    assert step_of("2033-05-18T03:33:20Z") == 0x3F940AA


def test_a_code_fits_its_step_and_one_on_either_side_but_none_already_taken() -> None:
    secret, at = new_secret(), "2026-06-30T08:00:10Z"
    now = step_of(at)
    for step in range(now - 3, now + 4):
        found = matching_step(secret, code_of(secret, step), at, after=0)
        assert found == (step if abs(step - now) <= 1 else None)
        assert matching_step(secret, code_of(secret, step), at, after=now + 1) is None
    spaced = code_of(secret, now)
    assert matching_step(secret, f" {spaced[:3]} {spaced[3:]} ", at, after=now - 1) == now
    assert matching_step(secret, spaced, at, after=now) is None


def test_secrets_differ_and_the_address_names_the_person() -> None:
    assert new_secret() != new_secret()
    assert uri("ABC", "王检").startswith("otpauth://totp/Yicha:%E7%8E%8B%E6%A3%80?secret=ABC&")
