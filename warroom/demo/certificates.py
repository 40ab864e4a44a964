"""The demo's own certificate authority, and the certificates it makes for the TLS front."""

import ipaddress
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from warroom.demo.folder import Folder
from warroom.demo.private_file import write_private

GOOD_FOR = timedelta(days=60)
NAME = "shop.example"
_KEY_USES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


class Authority:
    """An authority whose files lie in the demo's folder; nobody but this demo trusts it."""

    def __init__(self, folder: Folder) -> None:
        self._certificate = folder.authority
        self._key = folder.tls / "ca.key"
        self._front = folder.front_certificate

    def found(self) -> None:
        """Make the authority, and the front's first certificate."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _named("Demo shop's own authority")
        now = datetime.now(UTC)
        made = (
            _begun(name, name, key.public_key(), now - timedelta(days=365), now + 10 * GOOD_FOR)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_uses("key_cert_sign", "crl_sign"), critical=True)
            .sign(key, hashes.SHA256())
        )
        write_private(self._key, _pem(key))
        write_private(self._certificate, made.public_bytes(serialization.Encoding.PEM))
        self.issue(datetime.now(UTC) + GOOD_FOR)

    def shown(self) -> bytes:
        """The front's certificate as it lies there now, in DER."""
        certificate = x509.load_pem_x509_certificate(self._front.read_bytes())
        return certificate.public_bytes(serialization.Encoding.DER)

    def good_until(self) -> datetime:
        """Until when the front's certificate is good, or was."""
        return x509.load_pem_x509_certificate(self._front.read_bytes()).not_valid_after_utc

    def issue(self, until: datetime) -> None:
        """Replace the front's certificate by one that is good until then, or was."""
        authority = x509.load_pem_x509_certificate(self._certificate.read_bytes())
        signer = serialization.load_pem_private_key(self._key.read_bytes(), None)
        assert isinstance(signer, ec.EllipticCurvePrivateKey), "we made it"
        key = ec.generate_private_key(ec.SECP256R1())
        names = [x509.DNSName(NAME), x509.DNSName("localhost")]
        addresses = [x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))]
        made = (
            _begun(_named(NAME), authority.subject, key.public_key(), until - 1.5 * GOOD_FOR, until)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([*names, *addresses]), critical=False)
            .add_extension(_uses("digital_signature"), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(signer, hashes.SHA256())
        )
        write_private(self._front, made.public_bytes(serialization.Encoding.PEM) + _pem(key))


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    begins: datetime,
    ends: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _uses(*allowed: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{use: use in allowed for use in _KEY_USES})


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
