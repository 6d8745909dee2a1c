"""The informer's identity: sealed in the request to the keys of named handlers, opened with a handler's key file.

HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM) of `cryptography`. The text is padded to whole blocks of 512 bytes
first, so that its length tells nothing. A handler's private key exists only in his key file, wrapped with his
passphrase (Argon2id); the server keeps the public half. Pure: no database.
"""

import json
import os
from base64 import b64decode, b64encode
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from django.utils.translation import gettext as _

from sanxiao.docket.refusal import Refused

SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
BLOCK = 512
MEMORY, PASSES, LANES = 64 * 1024, 3, 4  # KiB; OWASP's and RFC 9106's second choice
PURPOSE = b"sanxiao tip identity 1"
LEAST_PASSPHRASE = 12
MOST_KEY_FILE = 4096  # bytes
MOST_MEMORY, MOST_PASSES = 256 * 1024, 10  # what a file may ask of the server


def pad(data: bytes, block: int = BLOCK) -> bytes:
    """Data with its length before it, filled to whole blocks."""
    whole = len(data).to_bytes(4, "big") + data
    return whole + bytes(-len(whole) % block)


def unpad(data: bytes) -> bytes:
    """What `pad` was given."""
    return data[4 : 4 + int.from_bytes(data[:4], "big")]


def seal_to(public: str, said: dict[str, str], letter: str) -> str:
    """What somebody said of himself, readable for the holder of one key alone and bound to its letter."""
    data = pad(json.dumps(said, ensure_ascii=False).encode())
    key = X25519PublicKey.from_public_bytes(b64decode(public))
    return b64encode(SUITE.encrypt(data, key, info=PURPOSE + letter.encode())).decode()


def open_with(key: X25519PrivateKey, sealed: str, letter: str) -> dict[str, str]:
    """The identity in clear. Raises Refused when it was sealed to another key or belongs to another letter."""
    try:
        found = unpad(SUITE.decrypt(b64decode(sealed), key, info=PURPOSE + letter.encode()))
    except (InvalidTag, ValueError) as error:
        raise Refused(_("这把钥匙打不开这一件。"), code="forbidden") from error
    said: dict[str, str] = json.loads(found)
    return said


def public_of(key: X25519PrivateKey) -> str:
    """The public half, as it is stored."""
    return b64encode(key.public_key().public_bytes_raw()).decode()


def make_key() -> X25519PrivateKey:
    """A new key; it leaves the request only inside its owner's key file."""
    return X25519PrivateKey.generate()


def wrapped(key: X25519PrivateKey, passphrase: str) -> bytes:
    """The key file: JSON with the private key under the passphrase. Raises Refused for a weak one."""
    if len(passphrase) < LEAST_PASSPHRASE:
        said = _("口令至少 %(n)d 个字。") % {"n": LEAST_PASSPHRASE}
        raise Refused(said, {"passphrase": said}, "invalid")
    salt, nonce = os.urandom(16), os.urandom(12)
    raw = key.private_bytes(serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption())
    sealed = AESGCM(_stretched(passphrase, salt, MEMORY, PASSES)).encrypt(nonce, raw, PURPOSE)
    parts = {"salt": salt, "nonce": nonce, "sealed": sealed}
    held: dict[str, Any] = {"sanxiao_tip_key": 1, "public": public_of(key), "memory": MEMORY, "passes": PASSES}
    held |= {name: b64encode(value).decode() for name, value in parts.items()}
    return (json.dumps(held, indent=1) + "\n").encode()


def unwrapped(data: bytes, passphrase: str) -> X25519PrivateKey:
    """The key of a key file. Raises Refused, with one and the same word for a wrong file and a wrong passphrase."""
    wrong = _("钥匙文件或口令不对。")
    try:
        said: Any = json.loads(data[:MOST_KEY_FILE])
        if said["sanxiao_tip_key"] != 1:
            raise ValueError
        salt, nonce, sealed = (b64decode(said[name], validate=True) for name in ("salt", "nonce", "sealed"))
        memory, passes = int(said["memory"]), int(said["passes"])
        if memory > MOST_MEMORY or passes > MOST_PASSES:
            raise ValueError
        raw = AESGCM(_stretched(passphrase, salt, memory, passes)).decrypt(nonce, sealed, PURPOSE)
        return X25519PrivateKey.from_private_bytes(raw)
    except (InvalidTag, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused(wrong, {"key_file": wrong}, "invalid") from error


def _stretched(passphrase: str, salt: bytes, memory: int, passes: int) -> bytes:
    stretch = Argon2id(salt=salt, length=32, iterations=passes, lanes=LANES, memory_cost=memory)
    return stretch.derive(passphrase.encode())
