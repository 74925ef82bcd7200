"""The one gate an address passes before it becomes a link."""

import ipaddress
import re
import unicodedata
from urllib.parse import parse_qsl, urlsplit

MAX_URL_LENGTH = 4000
WEB_SCHEMES = frozenset({"http", "https"})

_SCHEME = re.compile(r"(https?://|mailto:)(.*)", re.IGNORECASE | re.DOTALL)
# Browsers read a backslash as a slash, and hide or strip the categories below.
_FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zs", "Zl", "Zp"})
# Legal in what people paste, but able to leave an attribute, a BibTeX field or a CSV cell.
_QUOTED = str.maketrans({char: f"%{ord(char):02X}" for char in "\"'<>`{}|^"})
_MAILBOX = re.compile(r"[^\s@?&=/:,;%]+@[^\s@?&=/:,;%]+\.[^\s@?&=/:,;%]+")
# Names that mean something only inside somebody's network.
_INNER_NAMES = ("localhost", "local", "internal", "localdomain", "lan", "home.arpa", "intranet")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def clean_url(raw: str) -> str | None:
    """The address if it may be a link, else None: keep it as text then.

    Only http, https and mailto; no credentials, no hidden or control characters, no addresses of
    inner networks, at most 4,000 characters.
    """
    if not isinstance(raw, str) or len(raw) > MAX_URL_LENGTH:
        return None
    url = raw.strip(" \t\r\n")
    if "\\" in url or any(unicodedata.category(char) in _FORBIDDEN_CATEGORIES for char in url):
        return None
    match = _SCHEME.fullmatch(url)
    if match is None:
        return None
    scheme, rest = match[1].lower(), match[2]
    is_fit = _is_fit_mailbox if scheme == "mailto:" else _is_fit_web_address
    if not is_fit(scheme + rest):
        return None
    cleaned = scheme + rest.translate(_QUOTED)
    return cleaned if len(cleaned) <= MAX_URL_LENGTH else None


def is_safe_url(raw: str) -> bool:
    return clean_url(raw) is not None


def _is_fit_mailbox(url: str) -> bool:
    address, _, query = url.removeprefix("mailto:").partition("?")
    if not _MAILBOX.fullmatch(address):
        return False
    fields = parse_qsl(query, keep_blank_values=True)
    # A line break in the subject would be a header of the sender's choosing.
    return all(
        name.lower() == "body" or (name.lower() == "subject" and value.isprintable())
        for name, value in fields
    )


def _is_fit_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # reading the port is what checks it
    except ValueError:
        return False
    if not host or "@" in parts.netloc or "%" in parts.netloc:
        return False
    if "[" in parts.netloc:
        return _is_public_address(host)
    return _is_public_name(host)


def _is_public_name(host: str) -> bool:
    name = host.removesuffix(".")
    labels = name.split(".")
    if len(name) > 253 or len(labels) < 2 or not all(map(_is_label, labels)):
        return False
    # Browsers read any name whose last part is a number as an IPv4 address, "0x7f.1" included.
    folded = unicodedata.normalize("NFKC", name)
    last = folded.rpartition(".")[2].lower()
    if last.isdecimal() or re.fullmatch(r"0x[0-9a-f]*", last):
        return _is_public_address(folded)
    return not any(
        folded.lower() == inner or folded.lower().endswith(f".{inner}") for inner in _INNER_NAMES
    )


def _is_label(label: str) -> bool:
    return 0 < len(label) <= 63 and all(
        char in "-_" or unicodedata.category(char)[0] in "LNM" for char in label
    )


def _is_public_address(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global
    embedded = _embedded_ipv4(address)
    return address.is_global and (embedded is None or embedded.is_global)


def _embedded_ipv4(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64 or int(address) >> 32 == 0:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
