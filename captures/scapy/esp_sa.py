# SPDX-License-Identifier: GPL-2.0-or-later
"""Wireshark's table of ESP keys for Scapy: reads an esp_sa file, gives Scapy's SecurityAssociation objects, and decrypts
packets with them.

    table = read_table("captures/esp_phase3.esp_sa")
    for packet in read_packets("captures/esp_phase3.pcapng"):
        table.decrypt(packet).show()

Each line has eight quoted values: IP version, source, destination, SPI, encryption algorithm, its key, authentication
algorithm, its key. A key is "0x" and hexadecimal octets, or text; a source, destination or SPI may be "*". For AES-GCM
the key ends with the four octets of salt (RFC 4106 section 8.1), for Scapy as for Wireshark.

Owns: the names that Wireshark has for algorithms, and which association a packet belongs to. Must not do cryptography
itself, and gives nothing that did not pass its check.
"""
import binascii
import csv
import ipaddress

from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.ipsec import ESP, IPSecIntegrityError, SecurityAssociation

ANY = "*"
AES_KEYS = (16, 24, 32)
SALTED_AES_KEYS = (20, 28, 36)
# Wireshark's names, without the reference to an RFC behind them: (Scapy's name, octets of ICV or None, octets of key).
ENCRYPTION = {
    "NULL": ("NULL", None, (0,)),
    "AES-CBC": ("AES-CBC", None, AES_KEYS),
    "AES-CTR": ("AES-CTR", None, SALTED_AES_KEYS),
    "TripleDES-CBC": ("3DES", None, (24,)),
    "AES-GCM with 8 octet ICV": ("AES-GCM", 8, SALTED_AES_KEYS),
    "AES-GCM with 12 octet ICV": ("AES-GCM", 12, SALTED_AES_KEYS),
    "AES-GCM with 16 octet ICV": ("AES-GCM", 16, SALTED_AES_KEYS),
}
AUTHENTICATION = {
    "NULL": "NULL",
    "HMAC-MD5-96": "HMAC-MD5-96",
    "HMAC-SHA-1-96": "HMAC-SHA1-96",
    "HMAC-SHA-256-128": "SHA2-256-128",
    "HMAC-SHA-384-192": "SHA2-384-192",
    "HMAC-SHA-512-256": "SHA2-512-256",
}
NAT_TRAVERSAL_PORT = 4500  # RFC 3948 section 2.1.


class KeyTableError(ValueError):
    """A table that cannot be used; the text, for users, has file and line."""


class DecryptionError(ValueError):
    """A packet of an association that does not decrypt: a wrong key, a changed packet, or ESN without its upper half."""


def _algorithm(name, known):
    """The row of a table of algorithms for Wireshark's name, such as "AES-CBC [RFC3602]"."""
    bare = name.split(" [")[0].strip()
    if bare not in known:
        raise ValueError("'%s' is not known here; known are %s" % (name, ", ".join(sorted(known))))
    return known[bare]


def _key(text):
    """The octets of a key."""
    if not text.startswith(("0x", "0X")):
        return text.encode()
    try:
        return binascii.unhexlify(text[2:])
    except binascii.Error:
        raise ValueError("a key with an odd or wrong hexadecimal digit") from None


def _address(text, family):
    """An address in its shortest form, or ANY."""
    if text == ANY:
        return ANY
    if family not in ("IPv4", "IPv6"):
        raise ValueError("'%s' is neither IPv4 nor IPv6" % family)
    return str((ipaddress.IPv4Address if family == "IPv4" else ipaddress.IPv6Address)(text))


class Association:
    """One line of the table: whose packets (source, destination, spi, each perhaps ANY), and what decrypts them.

    security is Scapy's SecurityAssociation for the packets' own SPI: use it to encrypt, too.
    """

    def __init__(self, family, source, destination, spi, encryption, key, authentication, auth_key):
        self.source = _address(source, family)
        self.destination = _address(destination, family)
        self.spi = ANY if spi == ANY else int(spi, 0)
        name, icv_octets, sizes = _algorithm(encryption, ENCRYPTION)
        octets = _key(key)
        if len(octets) not in sizes:
            raise ValueError("a key of %d octets for %s, not %s" % (len(octets), name, " or ".join(map(str, sizes))))
        self._arguments = {
            "crypt_algo": name, "crypt_key": octets, "auth_algo": _algorithm(authentication, AUTHENTICATION),
            "auth_key": _key(auth_key)}
        if icv_octets is not None:
            self._arguments["crypt_icv_size"] = icv_octets
        self.security = self.for_spi(0 if self.spi == ANY else self.spi)

    def for_spi(self, spi):
        """A new SecurityAssociation with these keys."""
        return SecurityAssociation(ESP, spi=spi, **self._arguments)

    def fits(self, source, destination, spi):
        """Whether packets with these values are this association's."""
        return (self.source in (ANY, source) and self.destination in (ANY, destination)
                and self.spi in (ANY, spi))


class KeyTable:
    """The associations of a file, in its order; the first that fits a packet is taken."""

    def __init__(self, associations):
        self.associations = associations

    def find(self, packet):
        """The Association of a packet with ESP in IPv4 or IPv6, bare or in UDP (RFC 3948); None if there is none."""
        if ESP not in packet:
            return None
        outer = packet[ESP].underlayer
        if isinstance(outer, UDP):
            outer = outer.underlayer
        if not isinstance(outer, (IP, IPv6)):
            return None
        source, destination = (str(ipaddress.ip_address(value)) for value in (outer.src, outer.dst))
        for association in self.associations:
            if association.fits(source, destination, packet[ESP].spi):
                return association
        return None

    def decrypt(self, packet, esn=None):
        """The packet with what was inside ESP in its place; the packet itself if it has no ESP or nobody has its key.

        esn is the upper half of an extended sequence number, for associations that have them (RFC 4303 section
        2.2.1). Raises DecryptionError.
        """
        association = self.find(packet)
        if association is None:
            return packet
        encrypted = packet[ESP]
        outer = encrypted.underlayer
        udp = outer if isinstance(outer, UDP) else None
        ip = (udp.underlayer if udp is not None else outer).copy()
        if udp is not None:
            ip.remove_payload()
            if isinstance(ip, IP):
                del ip.proto
            ip = ip.__class__(bytes(_with_protocol_esp(ip) / encrypted.copy()))
        security = association.for_spi(encrypted.spi)
        try:
            clear = security.decrypt(ip, esn_en=esn is not None, esn=esn or 0)
        except (IPSecIntegrityError, ValueError) as error:
            raise DecryptionError("SPI 0x%08x, sequence number %d: %s" % (
                encrypted.spi, encrypted.seq, str(error) or "the integrity check failed")) from error
        clear.time = packet.time
        clear.comment = packet.comment
        return clear


def _with_protocol_esp(ip):
    """The header of a packet, its lengths and checksum to be made anew, for ESP right behind it."""
    if isinstance(ip, IP):
        del ip.len, ip.chksum
        ip.proto = 50
    else:
        del ip.plen
        ip.nh = 50
    return ip


def read_table(path):
    """The KeyTable in a file. Empty lines and lines with # in front are passed over. Raises KeyTableError, OSError."""
    associations = []
    with open(path, encoding="utf-8", newline="") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip() or line.startswith("#"):
                continue
            values = next(csv.reader([line.strip()], strict=True, skipinitialspace=True))
            try:
                if len(values) != 8:
                    raise ValueError("%d values, not 8" % len(values))
                associations.append(Association(*values))
            except ValueError as error:
                raise KeyTableError("%s:%d: %s" % (path, number, error)) from None
    return KeyTable(associations)
