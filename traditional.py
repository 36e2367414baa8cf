"""Writes the traditional catalogue: every sentence of the public door, turned by OpenCC, then corrected by hand.

Run it after a Chinese sentence was added or changed (`make traditional`). Why it is made so: docs/decisions/0007.
"""

from pathlib import Path

from babel.messages.pofile import escape, read_po
from opencc import OpenCC

LOCALE = Path(__file__).parent / "locale"
# The catalogue whose sentences are turned: a test holds that it names every sentence of the public door.
SENTENCES = LOCALE / "en/LC_MESSAGES/whistle.po"
CATALOGUE = LOCALE / "zh_Hant/LC_MESSAGES/whistle.po"
# s2tw writes 臺賬 and s2twp other words altogether (網路, 軟體); s2hk keeps the words and needs the fewest corrections.
DIALECT = "s2hk"
# What is put right afterwards, longest first: OpenCC's slips, and Hong Kong's own shapes that others do not write.
CORRECTIONS = {
    "加密併發送": "加密並發送",
    "銷燬": "銷毀",
    "櫃枱": "櫃台",
    "説": "說",
    "户": "戶",
    "羣": "群",
    "税": "稅",
    "“": "「",
    "”": "」",
}
HEADER = """\
# The public site in traditional characters. Made by traditional.py: change that, or the sentence, not this file.
msgid ""
msgstr ""
"Language: zh_Hant\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def traditional(sentence: str, turned: OpenCC) -> str:
    """The sentence in traditional characters, its {facts} untouched."""
    written: str = turned.convert(sentence)
    for slip, right in CORRECTIONS.items():
        written = written.replace(slip, right)
    return written


def catalogue() -> str:
    """The whole file, the same bytes for the same sentences."""
    turned = OpenCC(DIALECT)
    with SENTENCES.open("rb") as file:
        said = [str(message.id) for message in read_po(file, abort_invalid=True) if message.id]
    entries = (f"\nmsgid {escape(one)}\nmsgstr {escape(traditional(one, turned))}\n" for one in said)
    return HEADER + "".join(entries)


if __name__ == "__main__":
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text(catalogue(), encoding="utf-8")
