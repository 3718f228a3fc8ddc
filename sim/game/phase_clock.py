"""The clock of a phase, which can be paused and extended."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Clock:
    """The clock of one phase: when it ends, in seconds since the epoch, or the seconds left while it is paused."""

    ends_at: float | None = None
    left: float | None = None

    @classmethod
    def running(cls, time: float, seconds: float | None) -> Clock:
        """Start a phase of the given length; None means no time limit."""
        return cls(None if seconds is None else time + seconds)

    def pause(self, time: float) -> Clock:
        """Stop the clock and keep the time that is left."""
        return self if self.ends_at is None else Clock(left=max(0.0, self.ends_at - time))

    def resume(self, time: float) -> Clock:
        """Continue with the time that is left."""
        return self if self.left is None else Clock(time + self.left)

    def extend(self, seconds: float) -> Clock:
        """Add seconds, whether the clock is running or paused."""
        if self.left is not None:
            return replace(self, left=self.left + seconds)
        return self if self.ends_at is None else replace(self, ends_at=self.ends_at + seconds)

    def over(self, time: float) -> bool:
        """Whether the phase's time is up."""
        return self.ends_at is not None and time >= self.ends_at
