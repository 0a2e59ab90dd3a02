"""A person's signature in the PDF (PAdES), and a time-stamp authority's word on a bundle.

Signatures use the person's own certificate: a PKCS#12 file, or a token through PKCS#11 where its
driver is installed. Nothing is fetched: no revocation list, no certificate; a time stamp is asked
for only where an authority's address is given.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator.context import ValidationContext

from evidence.bundle.build import Stamp
from evidence.bundle.stamps import Trusted, check_stamp
from layers.errors import YichaError

FIELD = "Yicha1"
_WAIT_S = 20


def signer_from_file(path: Path, password: str) -> signers.Signer:
    """The signer of a PKCS#12 file (`.p12`, `.pfx`). Raises `YichaError` where it cannot be opened."""
    try:
        found = signers.SimpleSigner.load_pkcs12_data(path.read_bytes(), (), password.encode())
    except (OSError, ValueError) as error:
        raise YichaError(f"the certificate cannot be read: {error}", file=path,
                         remedy="give the .p12 or .pfx file and its password") from error  # fmt: skip
    if found is None:
        raise YichaError("the certificate cannot be opened: wrong password, or no PKCS#12 file",
                         file=path, remedy="give the .p12 or .pfx file and its password")  # fmt: skip
    return found


def signer_from_token(driver: Path, token: str, pin: str, label: str) -> signers.Signer:
    """The signer on a token: `driver` is the maker's PKCS#11 library, `label` names the certificate.

    Raises `YichaError` where the optional package `python-pkcs11` is not installed or the token
    does not answer.
    """
    try:
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
    except ImportError as error:
        raise YichaError("tokens need the package python-pkcs11", field="token",
                         remedy="run: pip install python-pkcs11, then name the token's driver") from error  # fmt: skip
    try:
        session = open_pkcs11_session(
            str(driver), token_criteria=TokenCriteria(label=token), user_pin=pin
        )
    except Exception as error:
        raise YichaError(f"the token does not answer: {error}", file=driver, field="token",
                         remedy="plug it in, check its label and PIN; it may lock after a few tries") from error  # fmt: skip
    signer: signers.Signer = PKCS11Signer(session, cert_label=label)
    return signer


def sign_pdf(
    pdf: bytes, signer: signers.Signer, *, reason: str, name: str, place: str = ""
) -> bytes:
    """The PDF with a PAdES signature over all of it; the sheet's own bytes stay as they were."""
    meta = signers.PdfSignatureMetadata(field_name=FIELD, md_algorithm="sha256", reason=reason, name=name,
                                        location=place or None, subfilter=SigSeedSubFilter.PADES)  # fmt: skip
    out = io.BytesIO()
    try:
        signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), meta, signer, output=out)
    except PdfError as error:
        raise YichaError(f"the PDF could not be signed: {error}", field="signature",
                         remedy="make the sheet anew; sign it once") from error  # fmt: skip
    return out.getvalue()


def signature_problems(pdf: bytes) -> list[str]:
    """What is wrong with the signatures of a PDF: none, altered, or not over the whole file.

    Whether the certificate is one to trust is for whoever knows its issuer; it is not asked here.
    """
    found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    if not found:
        return ["the PDF is not signed"]
    problems = []
    for one in found:
        nobody = ValidationContext(trust_roots=[], allow_fetching=False)
        status = validate_pdf_signature(one, signer_validation_context=nobody)
        if not (status.intact and status.valid):
            problems.append(f"{one.field_name}: altered after it was signed")
        elif status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
            problems.append(f"{one.field_name}: does not cover the whole file")
    return problems


def authority(url: str, trusted: Trusted = ()) -> Stamp:
    """A time-stamp authority (RFC 3161) by its address: asked over the network, once per bundle.

    The `Stamp` raises `YichaError` where it does not answer, answers something else, or something that
    the `trusted` certificates do not bear out.
    """

    def stamp(listed: bytes) -> bytes:
        stamper = HTTPTimeStamper(url, timeout=_WAIT_S)
        digest = hashlib.sha256(listed).digest()
        try:
            token = asyncio.run(stamper.async_timestamp(digest, "sha256"))
        except (TimestampRequestError, OSError, ValueError) as error:
            raise YichaError(f"the time-stamp authority did not answer: {error}", field="stamp",
                             remedy="check its address and the line, or export without a time stamp") from error  # fmt: skip
        made: bytes = token.dump()
        found = check_stamp(made, listed, trusted)
        if found.state == "wrong":
            raise YichaError(f"the time stamp cannot be believed: {found.says.en} · {found.says.zh}", field="stamp",
                             remedy="ask another authority, or give the certificates of this one")  # fmt: skip
        return made

    return stamp
