"""Certificates made for one test: an authority, and what it signs."""

import ipaddress
import re
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Pair:
    """PEM files of a certificate and its key."""

    cert: str
    key: str

    def server(self, client_ca: str | None = None) -> ssl.SSLContext:
        """A server's context; with ``client_ca``, one that wants client certificates."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        if client_ca is not None:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(client_ca)
        return context


class Authority:
    """Signs what it is asked to; its own certificate is in ``file``."""

    def __init__(
        self,
        folder: Path,
        name: str = "Harbour Test Authority",
        parent: "Authority | None" = None,
    ) -> None:
        self._folder = folder
        self._name = _name(name)
        self._key = ec.generate_private_key(ec.SECP256R1())
        signer = parent or self
        now = datetime.now(UTC)
        usage = dict.fromkeys(
            (
                "content_commitment",
                "key_encipherment",
                "data_encipherment",
                "key_agreement",
                "encipher_only",
                "decipher_only",
            ),
            False,
        )
        certificate = (
            _builder(self._name, signer._name, self._key, now - timedelta(400), timedelta(4000))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(
                x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, **usage),
                critical=True,
            )
            .sign(signer._key, hashes.SHA256())
        )
        self.file = _written(folder / re.sub(r"\W", "-", f"{name}.pem"), certificate)

    def between(self, name: str) -> "Authority":
        """An authority that this one vouches for."""
        return Authority(self._folder, name, self)

    def issue(
        self,
        *names: str,
        days: float = 30.0,
        stem: str = "server",
        subject: str = "",
        begins: float = -100.0,
    ) -> Pair:
        """A certificate for ``names`` that ends in ``days`` days (in the past if negative) and
        began 100 days ago, or is to begin."""
        key = ec.generate_private_key(ec.SECP256R1())
        named = _name(subject or names[0])
        return self._signed(named, names, (begins, days), stem, key, self._name, self._key)

    def itself(self, *names: str, days: float = 30.0) -> Pair:
        """A certificate that nobody vouches for but itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        named = _name(names[0])
        return self._signed(named, names, (-100.0, days), "itself", key, named, key)

    def _signed(
        self,
        subject: x509.Name,
        names: tuple[str, ...],
        span: tuple[float, float],
        stem: str,
        key: ec.EllipticCurvePrivateKey,
        issuer: x509.Name,
        signer: ec.EllipticCurvePrivateKey,
    ) -> Pair:
        begins, ends = map(timedelta, span)
        certificate = (
            _builder(subject, issuer, key, datetime.now(UTC) + begins, ends - begins)
            .add_extension(x509.SubjectAlternativeName([_general(n) for n in names]), False)
            .sign(signer, hashes.SHA256())
        )
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path = self._folder / f"{stem}.key"
        path.write_bytes(pem)
        return Pair(_written(self._folder / f"{stem}.pem", certificate), str(path))


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    begins: datetime,
    lasts: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + lasts)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, text)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _written(path: Path, certificate: x509.Certificate) -> str:
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return str(path)
