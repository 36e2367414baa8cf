"""Sealing and signing: bytes in, bytes out. The specification is docs/envelope.md."""
