"""Edwards arithmetic of RFC 8032, slow and plain: for the cofactored check that some libraries make."""

import hashlib

from whistle.crypto.keys import L, P

D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]
BASE_Y = 4 * pow(5, -1, P) % P


def recover_x(y: int, sign: int) -> int:
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert (x * x - square) % P == 0
    return P - x if x % 2 != sign else x


BASE: Point = (recover_x(BASE_Y, 0), BASE_Y)


def add(one: Point, two: Point) -> Point:
    (x1, y1), (x2, y2) = one, two
    t = D * x1 * x2 * y1 * y2 % P
    return (x1 * y2 + x2 * y1) * pow(1 + t, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - t, -1, P) % P


def multiply(point: Point, by: int) -> Point:
    found: Point = (0, 1)
    while by:
        if by & 1:
            found = add(found, point)
        point, by = add(point, point), by >> 1
    return found


def decode(raw: bytes) -> Point:
    number = int.from_bytes(raw, "little")
    y = number & (2**255 - 1)
    return recover_x(y, number >> 255), y


def cofactored(public: bytes, message: bytes, signature: bytes) -> bool:
    """[8][S]B = [8]R + [8][k]A: what a batch verifier or a lenient library asks."""
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(r + public + message).digest(), "little") % L
    right = add(decode(r), multiply(decode(public), k))
    return multiply(BASE, 8 * s) == multiply(right, 8)
