"""The refusals of the law-and-money core. A message is a fixed sentence; what varies stands in `facts`."""

from typing import Any


class RuleError(ValueError):
    """A rule says no. `code` names the rule, `facts` holds what a page needs to word it (never a person)."""

    def __init__(self, code: str, sentence: str = "", **facts: Any) -> None:
        super().__init__(sentence or code.replace("_", " "))
        self.code = code
        self.facts: dict[str, str | int] = facts


class PackError(RuleError):
    """A rule pack is not well formed; `line` is the line of its file, 0 for a canonical document."""

    def __init__(self, code: str, line: int, sentence: str = "", **facts: Any) -> None:
        super().__init__(code, f"line {line}: {sentence or code.replace('_', ' ')}", line=line, **facts)
        self.line = line


class LedgerError(RuleError):
    """The ledger refuses an entry (`no` is 0) or a stored row is bad (`no` is the first bad row)."""

    def __init__(self, code: str, no: int = 0, sentence: str = "", **facts: Any) -> None:
        where = f"row {no}: " if no else ""
        super().__init__(code, f"{where}{sentence or code.replace('_', ' ')}", **facts)
        self.no = no

    def at(self, no: int) -> "LedgerError":
        """The same refusal, found in a stored row."""
        return type(self)(self.code, no, "", **self.facts)
