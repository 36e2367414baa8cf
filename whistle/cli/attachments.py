"""Files that a command sends along: looked at before anything goes out."""

from pathlib import Path

from whistle import client
from whistle.cli import console
from whistle.client import ClientError


def attachments(paths: list[Path]) -> list[tuple[Path, client.Attachment]]:
    """Every file looked at before anything is sent; what cannot be cleaned is said."""
    ready = []
    for number, path in enumerate(paths, 1):
        try:
            file = client.attachment(path, number)
        except ClientError as refused:
            console.fail(refused.code, name=path.name, **refused.facts)
        if not file.cleaned:
            console.warn("not_cleaned", name=path.name)
        ready.append((path, file))
    return ready
