"""The one error of the client. The command line and the pages word its codes."""


class ClientError(Exception):
    """Something was refused, by the server or by this client's own checks.

    `code` is one of the API's error codes, or `offline`, `server_lies` (what it sent does not verify), `receipt`
    (it says that a post is stored and does not prove it), `pin` (another zone answers), `no_reader`. `facts` are the
    server's public facts, never a person's words. `lost`: a request went out and no answer of the server came back,
    so that what was asked may have been done all the same."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self.lost = False
