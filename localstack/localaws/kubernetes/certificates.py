"""One certificate authority per cluster: it signs the API server's certificate and those of its clients."""

from __future__ import annotations

import datetime
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PEM = serialization.Encoding.PEM
YEARS = datetime.timedelta(days=3650)
NAMES = (
    "localhost",
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
)


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def public_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _name(common: str, organization: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization)] if organization else []
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, common)])


class Authority:
    def __init__(self) -> None:
        self._key = new_key()
        self._subject = _name("kubernetes")
        usage = x509.KeyUsage(True, False, True, False, False, True, False, False, False)
        builder = self._builder(self._subject, self._key)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        builder = builder.add_extension(usage, critical=True)
        self.certificate = builder.sign(self._key, hashes.SHA256())

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(PEM)

    @property
    def key_pem(self) -> bytes:
        return private_pem(self._key)

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, expired: bool = False
    ) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self._subject)
        builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
        until = now - datetime.timedelta(minutes=1) if expired else now + YEARS
        return builder.not_valid_before(now - datetime.timedelta(hours=1)).not_valid_after(until)

    def _sign(self, builder: x509.CertificateBuilder, purpose: x509.ObjectIdentifier) -> bytes:
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = builder.add_extension(issuer, critical=False)
        return builder.sign(self._key, hashes.SHA256()).public_bytes(PEM)

    def serving(
        self, addresses: list[str], names: tuple[str, ...] = NAMES, expired: bool = False
    ) -> tuple[bytes, bytes]:
        """(certificate, key) of the API server, or of somebody else with other names."""
        key = new_key()
        known: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
        known += [x509.IPAddress(ipaddress.ip_address(item)) for item in addresses]
        builder = self._builder(_name("kube-apiserver"), key, expired)
        builder = builder.add_extension(x509.SubjectAlternativeName(known), critical=False)
        return self._sign(builder, ExtendedKeyUsageOID.SERVER_AUTH), private_pem(key)

    def client(self, user: str, group: str) -> tuple[bytes, bytes]:
        """(certificate, key) of somebody whom the API server knows as this user of this group."""
        key = new_key()
        builder = self._builder(_name(user, group), key)
        return self._sign(builder, ExtendedKeyUsageOID.CLIENT_AUTH), private_pem(key)
