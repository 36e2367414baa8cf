"""What `whistle jobs` does with the queue, in a process of its own: `python -m tests.notices.worker URL NOW RELAY`.

Prints how many messages arrived. RELAY is the settings of a relay as JSON; `reach` in it what webhooks may reach."""

from __future__ import annotations

import asyncio
import json
import sys

from whistle import notices
from whistle.notices import Notifier, Relay, allowed
from whistle.storage.database import Database


def main(url: str, now: str, told: str) -> None:
    given = json.loads(told)
    reach = allowed(tuple(given.pop("reach", ())), plain=given.pop("plain", False))
    with Database.open(url, "review") as db:
        count = asyncio.run(notices.deliver(db, Notifier((), Relay(**given), reach), float(now)))
    sys.stdout.write(f"{count}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
