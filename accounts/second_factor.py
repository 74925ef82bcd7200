"""Keeps what second factors rest on unreadable to whoever holds only the database."""

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes


def cipher() -> MultiFernet:
    """Encrypts with SECRET_KEY; still reads what was written with SECRET_KEY_FALLBACKS."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(derived_key(key)) for key in keys])


def derived_key(secret: str | bytes) -> bytes:
    hashed = hashlib.sha256(b"accounts.second_factor:" + force_bytes(secret)).digest()
    return base64.urlsafe_b64encode(hashed)


class MFAAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return cipher().decrypt(encrypted_text.encode()).decode()
