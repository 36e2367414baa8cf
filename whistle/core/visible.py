"""Characters that do not show but change what is read, by the one list hidden.json: shown as their code.

Controls, joiners, fillers and marks that turn the direction of text: nobody is fooled by a name. Line feed and tab
show as they are. The twin is static/js/core/visible.js."""

import json
import re
from pathlib import Path
from typing import Final

_RANGES: Final = json.loads(Path(__file__).with_name("hidden.json").read_text(encoding="utf-8"))["ranges"]
HIDDEN: Final = re.compile("[" + "".join(f"{chr(int(a, 16))}-{chr(int(b, 16))}" for a, b in _RANGES) + "]")


def visible(text: str) -> str:
    """The text with every hidden character as ⟦U+200B⟧."""
    return HIDDEN.sub(lambda found: f"⟦U+{ord(found[0]):04X}⟧", text)
