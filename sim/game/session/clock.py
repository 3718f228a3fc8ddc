"""The clock of a table: when the phase ends, and how it stands still while the game is paused. It reads no time."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Clock:
    """The time of one phase; all times are seconds since the epoch.

    Parameters
    ----------
    ends_at : when the phase is over; None if no time is set, or while it is paused
    left : seconds that are left, while it is paused; else None
    """

    ends_at: float | None = None
    left: float | None = None

    @classmethod
    def running(cls, at: float, seconds: float | None) -> Clock:
        """Start a phase of so many seconds; without a length, it has no end."""
        return cls(None if seconds is None else at + seconds)

    def pause(self, at: float) -> Clock:
        """Stand still; what is left stays left."""
        return self if self.ends_at is None else Clock(left=max(0.0, self.ends_at - at))

    def resume(self, at: float) -> Clock:
        """Go on with what is left."""
        return self if self.left is None else Clock(at + self.left)

    def extend(self, seconds: float) -> Clock:
        """Give so many seconds more, running or paused."""
        if self.left is not None:
            return replace(self, left=self.left + seconds)
        return self if self.ends_at is None else replace(self, ends_at=self.ends_at + seconds)

    def over(self, at: float) -> bool:
        """Whether the time is up."""
        return self.ends_at is not None and at >= self.ends_at
