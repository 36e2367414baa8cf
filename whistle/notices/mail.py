"""Mail through the operator's own relay: one fixed letter, the same bytes at every try."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from whistle.core.clock import ZONE
from whistle.notices import schedule
from whistle.notices.errors import Undelivered

SECONDS = 10  # for each answer of the relay
# The first kind that fits names the failure; the relay's own words may repeat an address.
FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPAuthenticationError, "login"),
    (smtplib.SMTPRecipientsRefused, "recipient"),
    (smtplib.SMTPSenderRefused, "sender"),
    (smtplib.SMTPNotSupportedError, "relay_cannot"),
    (smtplib.SMTPServerDisconnected, "cut"),
    (smtplib.SMTPException, "refused"),
    (ssl.SSLError, "tls"),
    (TimeoutError, "slow"),
    (OSError, "unreachable"),
)


@dataclass(frozen=True)
class Relay:
    """The operator's mail server; `host` "": none. `tls`: starttls, tls or off."""

    host: str = ""
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    tls: str = "starttls"
    sender: str = ""

    @property
    def domain(self) -> str:
        """By which this house names itself and its messages: not by its machine's name."""
        return self.sender.rpartition("@")[2]


def letter(relay: Relay, to: str, sentence: str, slot: str, message: str) -> bytes:
    """The whole letter. Its size hangs on the recipient and the sentence alone; its date is its slot's."""
    made = EmailMessage(SMTP)
    made["From"] = Address(addr_spec=relay.sender)
    made["To"] = Address(addr_spec=to)
    made["Subject"] = sentence
    made["Date"] = datetime.fromtimestamp(schedule.moment(slot), ZONE)
    made["Message-ID"] = f"<{message}@{relay.domain}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(sentence + "\n", cte="base64")
    return made.as_bytes()


def send(relay: Relay, to: str, sentence: str, slot: str, message: str) -> None:
    """Hands the letter to the relay, in this thread. Raises Undelivered with a code."""
    if not relay.host or not relay.sender:
        raise Undelivered("no_relay")
    data = letter(relay, to, sentence, slot, message)
    try:
        smtp = _connected(relay)
        try:
            if relay.tls == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if relay.user:
                smtp.login(relay.user, relay.password)
            smtp.sendmail(relay.sender, [to], data)
            with suppress(OSError):  # it has the letter: how it takes leave changes nothing
                smtp.quit()
        finally:
            smtp.close()
    except OSError as error:  # the library's own errors are among them
        code = next(code for kind, code in FAILURES if isinstance(error, kind))
        raise Undelivered(code) from None


def _connected(relay: Relay) -> smtplib.SMTP:
    if relay.tls == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(relay.host, relay.port, relay.domain, timeout=SECONDS, context=context)
    return smtplib.SMTP(relay.host, relay.port, relay.domain, timeout=SECONDS)
