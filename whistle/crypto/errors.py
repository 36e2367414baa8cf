"""The one error of the envelope. Nothing a person wrote ever stands in it."""


class EnvelopeError(Exception):
    """Some bytes, a key, a signature or a chain is not what envelope X1 allows.

    `code` is one of a few fixed lower-case words; callers show one sentence for it and never any data.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
