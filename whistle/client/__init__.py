"""Our own client: seals, signs, verifies and opens, and talks to both doors over HTTP.

The command line, the desk, the demo and the tests speak through it; the browser has its twin in static/js.
"""

from whistle.client.errors import ClientError
from whistle.client.keyfile import open_key_file, write_key_file
from whistle.client.office import Office
from whistle.client.reading import Opened
from whistle.client.receipt import Receipt
from whistle.client.reporter import Claimed, Filed, Public, connect
from whistle.client.sealing import Piece
from whistle.client.status import Line, Status
from whistle.client.view import View
from whistle.client.wire import Challenge, HttpWire, Wire

__all__ = [
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
    "connect",
    "open_key_file",
    "write_key_file",
]
