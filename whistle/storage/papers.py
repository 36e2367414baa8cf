"""Numbers of official papers: one for a case and kind, drawn from its office's own."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from whistle.storage import tables
from whistle.storage.appending import office_number
from whistle.storage.errors import Unknown

_PAPERS = tables.papers


def number(tx: Connection, case: str, kind: str, year: int) -> tuple[int, int, bool]:
    """(year, n, fresh) of this case's paper of this kind; the one drawn before where there is one."""
    row = tx.execute(select(tables.cases.c.id, tables.cases.c.office).where(tables.cases.c.case == case)).one_or_none()
    if row is None:
        raise Unknown
    id_, office = row
    mine = (_PAPERS.c.case_id == id_) & (_PAPERS.c.kind == kind)
    known = tx.execute(select(_PAPERS.c.year, _PAPERS.c.number).where(mine)).one_or_none()
    if known is not None:
        return known.year, known.number, False
    drawn = office_number(tx, office, year, f"paper.{kind}")
    tx.execute(insert(_PAPERS).values(case_id=id_, office=office, kind=kind, year=year, number=drawn))
    return year, drawn, True


def numbers(tx: Connection, case: str) -> dict[str, tuple[int, int]]:
    """Every number this case's papers have, by kind."""
    joined = _PAPERS.join(tables.cases, tables.cases.c.id == _PAPERS.c.case_id)
    query = select(_PAPERS.c.kind, _PAPERS.c.year, _PAPERS.c.number).select_from(joined)
    rows = tx.execute(query.where(tables.cases.c.case == case))
    return {kind: (year, no) for kind, year, no in rows}
