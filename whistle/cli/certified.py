"""The certificate of an honour as the command line tells and writes it."""

import json

from whistle.cli import console
from whistle.client.certificates import Certificate


def tell(found: Certificate) -> None:
    """Which honour, and the words of it; whatever else these say, they stand apart from what is ours."""
    known = f"honour_{found.honour}"
    console.say(console.sentence(known) if console.is_worded(known) else found.honour)
    for line in found.text.splitlines():
        console.say(f"  {line}")


def document(found: Certificate) -> dict[str, str]:
    """A certificate's words for a program."""
    return {"office": found.office, "honour": found.honour, "text": found.text, "day": found.day}


def written(found: Certificate) -> bytes:
    """The file that whoever is shown it verifies, byte for byte as her page saves it."""
    held = {"certificate": found.bytes, "sig": found.sig}
    return json.dumps(held, ensure_ascii=False, separators=(",", ":")).encode()
