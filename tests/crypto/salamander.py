"""An invisible salamander: one AES-256-GCM ciphertext and tag that opens under two keys."""

from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

R = 0xE1 << 120
ONE = 1 << 127


def times(x: int, y: int) -> int:
    z = 0
    for i in range(128):
        if y >> (127 - i) & 1:
            z ^= x
        x = (x >> 1) ^ (R if x & 1 else 0)
    return z


def inverse(a: int) -> int:
    found, base, left = ONE, a, (1 << 128) - 2
    while left:
        if left & 1:
            found = times(found, base)
        base, left = times(base, base), left >> 1
    return found


def block(key: bytes, data: bytes) -> bytes:
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 (this is GCM's own inside)
    return encryptor.update(data)


def stream(key: bytes, nonce: bytes, size: int) -> bytes:
    return b"".join(block(key, nonce + (i + 2).to_bytes(4, "big")) for i in range(size // 16))


def xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=False))


def ghash(h: int, data: bytes) -> int:
    y = 0
    for i in range(0, len(data), 16):
        y = times(y ^ int.from_bytes(data[i : i + 16], "big"), h)
    return y


def two_faced(keys: Sequence[bytes], nonces: Sequence[bytes], texts: Sequence[bytes], size: int) -> bytes:
    """`size` bytes: the first half reads one text under one key, the second the other text under the other.

    The last block of the plaintext is solved for, so that both tags come out the same.
    """
    half = size // 2
    streams = [stream(key, nonce, size) for key, nonce in zip(keys, nonces, strict=True)]
    first, second = texts[0].ljust(half)[:half], texts[1].ljust(half - 16)[: half - 16]
    body = xor(first, streams[0]) + xor(second, streams[1][half:])
    length = (size * 8).to_bytes(16, "big")
    hs = [int.from_bytes(block(key, bytes(16)), "big") for key in keys]
    masks = [int.from_bytes(block(k, n + b"\0\0\0\x01"), "big") for k, n in zip(keys, nonces, strict=True)]
    # tag = ((y ^ last)·h ^ length)·h ^ mask under each key; set equal, solve for `last`.
    known = [
        times(ghash(h, body), times(h, h)) ^ times(int.from_bytes(length, "big"), h) ^ mask
        for h, mask in zip(hs, masks, strict=True)
    ]
    squares = [times(h, h) for h in hs]
    last = times(known[0] ^ known[1], inverse(squares[0] ^ squares[1]))
    return body + last.to_bytes(16, "big") + (known[0] ^ times(last, squares[0])).to_bytes(16, "big")
