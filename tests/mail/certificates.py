"""Certificates made for one run of the tests: an authority of our own, and servers that it does and does not vouch for."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


class Certificates:
    """`ca` is what a client trusts; `contexts` are servers' sides, by what is wrong with them."""

    def __init__(self, folder: Path) -> None:
        ours, another = trustme.CA(), trustme.CA()
        self.ca = str(folder / "ca.pem")
        ours.cert_pem.write_to_path(self.ca)
        past = datetime.now(UTC) - timedelta(days=2)
        self.contexts = {
            "good": _context(ours.issue_cert(HOST)),
            "for another host": _context(ours.issue_cert("mail.example.org")),
            "expired": _context(ours.issue_cert(HOST, not_before=past - timedelta(days=9), not_after=past)),
            "of an unknown authority": _context(another.issue_cert(HOST)),
            "self-signed": _self_signed(folder / "self-signed.pem"),
        }


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def _self_signed(file: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
