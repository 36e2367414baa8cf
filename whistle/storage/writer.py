"""The one writer of a process: waiting verbs share a commit, each inside its own savepoint."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine

from whistle.storage.engine import is_broken, translate
from whistle.storage.errors import StorageError
from whistle.storage.prepared import command

Verb = Callable[[Connection], Any]
GROUP = 64  # verbs in one commit at most: the first of them waits for the last


@dataclass(slots=True)
class Job:
    verb: Verb
    future: Future[Any] = field(default_factory=Future)
    result: Any = None
    error: Exception | None = None

    def settle(self) -> None:
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class Writer:
    """Runs verbs one after another in a thread of its own. A result is given out only after its COMMIT.

    `guard(tx)` looks at the database first, in each transaction; what it raises is everybody's error."""

    def __init__(self, engine: Engine, guard: Verb) -> None:
        self._engine, self._guard = engine, guard
        self._waiting: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="whistle-writer", daemon=True)
        self._thread.start()

    def submit(self, verb: Verb) -> Future[Any]:
        if self._closed:
            raise StorageError("the database is closed")
        job = Job(verb)
        self._waiting.put(job)
        return job.future

    def close(self) -> None:
        """Finish what waits, then stop."""
        self._closed = True
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while self._one_group():
            pass

    def _one_group(self) -> bool:
        """False at the end. A frame of its own: while the next group is waited for, nothing holds this one's verbs."""
        group = [self._waiting.get()]
        while len(group) < GROUP and not self._waiting.empty():
            group.append(self._waiting.get())
        self._commit([job for job in group if job and job.future.set_running_or_notify_cancel()])
        return None not in group

    def _commit(self, jobs: list[Job]) -> None:
        if not jobs:
            return
        try:
            with self._engine.connect() as tx, tx.begin():
                self._guard(tx)
                for job in jobs:
                    _attempt(tx, job)
        except Exception as error:  # whatever it was, the callers must hear of it and the writer live
            _fail(jobs, translate(error))
        for job in jobs:
            job.settle()


def _attempt(tx: Connection, job: Job) -> None:
    """One verb in its savepoint: its own failure stays its own, a broken transaction is everybody's."""
    command(tx, "SAVEPOINT verb")
    try:
        job.result = job.verb(tx)
        command(tx, "RELEASE SAVEPOINT verb")
    except Exception as error:
        if is_broken(error):
            raise
        job.error = translate(error)
        command(tx, "ROLLBACK TO SAVEPOINT verb")
        command(tx, "RELEASE SAVEPOINT verb")


def _fail(jobs: list[Job], error: Exception) -> None:
    """Nothing of the group is on disk: nobody may believe otherwise."""
    own = error if isinstance(error, StorageError) else StorageError()
    for job in jobs:
        job.error = job.error or own
