"""Our own client: seals, signs, verifies and opens, and talks to both doors over HTTP.

The command line, the page without script, the demo and the tests speak through it; its twin is static/js/client.
"""

from whistle.client.attaching import Attachment, attachment, held_attachment
from whistle.client.cards import claim_code
from whistle.client.delivery import draw_form, form_code, form_pid, form_ticket
from whistle.client.errors import ClientError
from whistle.client.fetching import save
from whistle.client.keyfile import open_key_file, write_key_file
from whistle.client.office import Office
from whistle.client.reading import Opened
from whistle.client.receipt import Receipt, mark
from whistle.client.reporter import Claimed, Filed, Public, connect
from whistle.client.sealing import Piece
from whistle.client.status import Line, Status
from whistle.client.view import View
from whistle.client.wire import Challenge, HttpWire, Wire
from whistle.client.withdrawal import SCOPES as WITHDRAWN
from whistle.client.withdrawal import Withdrawal, taken_day
from whistle.core.clock import zone_day
from whistle.core.yuan import grouped
from whistle.core.yuan import parse as parse_yuan
from whistle.crypto.ticket import counted as count_digits
from whistle.crypto.ticket import show as show_ticket

__all__ = [
    "WITHDRAWN",
    "Attachment",
    "Challenge",
    "Claimed",
    "ClientError",
    "Filed",
    "HttpWire",
    "Line",
    "Office",
    "Opened",
    "Piece",
    "Public",
    "Receipt",
    "Status",
    "View",
    "Wire",
    "Withdrawal",
    "attachment",
    "claim_code",
    "connect",
    "count_digits",
    "draw_form",
    "form_code",
    "form_pid",
    "form_ticket",
    "grouped",
    "held_attachment",
    "mark",
    "open_key_file",
    "parse_yuan",
    "save",
    "show_ticket",
    "taken_day",
    "write_key_file",
    "zone_day",
]
