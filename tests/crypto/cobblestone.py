"""C2SP chunked encryption with AES-256-GCM, written out from its description: one can fix salt and hash.

For vectors and for attackers only. Cobblestone-256 is AES-256-GCM with SHA-512.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

CHUNK = 16_384
LABEL = b"c2sp.org/chunked-encryption@v1+"
AES_256_GCM = b"AEAD_AES_256_GCM"


def chunk_keys(
    key: bytes, context: bytes, salt: bytes, hash_: SHA256 | SHA512 | None = None
) -> tuple[bytes, int, bytes]:
    """AES key, first nonce and key commitment."""
    info = LABEL + AES_256_GCM + b"\0" + salt + context
    okm = HKDFExpand(hash_ or SHA512(), 76, info).derive(key)
    return okm[:32], int.from_bytes(okm[32:44], "big"), okm[44:]


def seal(key: bytes, context: bytes, salt: bytes, plain: bytes) -> bytes:
    """A blob under a chosen salt."""
    aes, nonce, commitment = chunk_keys(key, context, salt)
    chunks = [plain[i : i + CHUNK] for i in range(0, len(plain) + 1, CHUNK)]
    sealed = [AESGCM(aes).encrypt((nonce ^ i).to_bytes(12, "big"), chunk, None) for i, chunk in enumerate(chunks)]
    return salt + commitment + b"".join(sealed)


def open_(key: bytes, context: bytes, blob: bytes, hash_: SHA256 | SHA512 | None = None) -> bytes:
    """The plaintext; InvalidTag when the commitment, a chunk or the end does not hold."""
    aes, nonce, commitment = chunk_keys(key, context, blob[:24], hash_)
    if blob[24:56] != commitment or len(key) != 32:
        raise InvalidTag
    size = CHUNK + 16
    chunks = [blob[i : i + size] for i in range(56, len(blob), size)]
    plain = [AESGCM(aes).decrypt((nonce ^ i).to_bytes(12, "big"), chunk, None) for i, chunk in enumerate(chunks)]
    if not plain or len(plain[-1]) == CHUNK:
        raise InvalidTag
    return b"".join(plain)
