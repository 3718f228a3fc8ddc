"""One run per folder: a lock file that names the process that writes there.

The system holds the lock and releases it when its process ends, however it ends. A lock file that is left behind is
therefore stale, and the next run takes it over.
"""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

from sim.errors import UsageError

LOCK = ".lock"
"""The name of the lock file in a folder."""

if sys.platform == "win32":
    import msvcrt

    _FAR = 2**30
    """A byte beyond the text, so that others can read who holds the lock."""

    def _hold(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
else:
    import fcntl

    def _hold(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FolderLock:
    """The right to write to a folder, from its creation to `release`.

    Raises UsageError if another process, or another run of this one, has it, and OSError if no file can be written.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK
        self._descriptor: int | None = None
        while self._descriptor is None:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                _hold(descriptor)
            except OSError:
                os.close(descriptor)
                raise UsageError(
                    f"{folder}: another run is writing there ({_owner(self._path)}). "
                    "Wait until it ends, or name another folder."
                ) from None
            if _is_same(descriptor, self._path):
                self._descriptor = descriptor
            else:  # its owner has just removed it
                os.close(descriptor)
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, f"process {os.getpid()} on {platform.node()}".encode())

    def release(self) -> None:
        """Let others write to the folder."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        try:
            if sys.platform != "win32":  # Windows removes no open file; the next run takes the stale one over
                self._path.unlink()
        except FileNotFoundError:
            pass
        finally:
            os.close(descriptor)

    def __del__(self) -> None:
        self.release()


def _owner(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") or "a process that has just begun"
    except OSError:
        return "a process that has just ended"


def _is_same(descriptor: int, path: Path) -> bool:
    """Whether a path still leads to an open file."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
