"""One piece of work, the figures of all who did it, and the ratios of the same round."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple


class Pair(NamedTuple):
    """Two contenders to be compared, and how many times as good ours should be, if that is said."""

    ours: str
    theirs: str
    bar: float | None = None


class Limit(NamedTuple):
    """The most that the median of one contender's figures should be."""

    contender: str
    at_most: float


@dataclass(frozen=True)
class Ratio:
    """How many times as good one contender was as another, in each round."""

    ours: str
    theirs: str
    values: list[float]
    bar: float | None = None

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        """The least and the greatest."""
        return min(self.values), max(self.values)

    @property
    def met(self) -> bool | None:
        """Whether the bar was reached; None if there is none."""
        return None if self.bar is None else self.median >= self.bar


@dataclass(frozen=True)
class Part:
    """One piece of work and the figures of all who did it, round by round.

    Args:
        name: What it is called.
        about: What the work is, in one line.
        unit: Of the figures.
        figures: Of each contender that ran, one figure a round.
        pairs: Who is compared with whom; those of which one did not run are left out.
        limits: What a figure should not exceed.
        less_is_better: Whether the figures are costs, such as seconds, and not rates.
    """

    name: str
    about: str
    unit: str
    figures: Mapping[str, Sequence[float]]
    pairs: Sequence[Pair] = ()
    limits: Sequence[Limit] = ()
    less_is_better: bool = False

    @property
    def medians(self) -> dict[str, float]:
        """The median of each contender."""
        return {name: statistics.median(values) for name, values in self.figures.items()}

    @property
    def ratios(self) -> list[Ratio]:
        """How many times as good ours was, for every pair of which both have run."""
        ran = [p for p in self.pairs if p.ours in self.figures and p.theirs in self.figures]
        return [Ratio(p.ours, p.theirs, self._of_rounds(p.ours, p.theirs), p.bar) for p in ran]

    def exceeded(self, limit: Limit) -> bool:
        """Return whether a contender's median is above its limit."""
        return self.medians[limit.contender] > limit.at_most

    def _of_rounds(self, ours: str, theirs: str) -> list[float]:
        """Return the ratio of each round."""
        more, less = (theirs, ours) if self.less_is_better else (ours, theirs)
        return [a / b for a, b in zip(self.figures[more], self.figures[less], strict=True)]

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain values."""
        ratios = [
            {
                **asdict(ratio),
                "median": ratio.median,
                "least": ratio.spread[0],
                "greatest": ratio.spread[1],
                "met": ratio.met,
            }
            for ratio in self.ratios
        ]
        limits = [{**limit._asdict(), "met": not self.exceeded(limit)} for limit in self.limits]
        figures = {name: list(values) for name, values in self.figures.items()}
        return {
            "name": self.name,
            "about": self.about,
            "unit": self.unit,
            "less_is_better": self.less_is_better,
            "figures": figures,
            "medians": self.medians,
            "ratios": ratios,
            "limits": limits,
        }

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> "Part":
        """Return the part that :meth:`as_dict` wrote."""
        return cls(
            found["name"],
            found["about"],
            found["unit"],
            found["figures"],
            [Pair(ratio["ours"], ratio["theirs"], ratio["bar"]) for ratio in found["ratios"]],
            [Limit(limit["contender"], limit["at_most"]) for limit in found["limits"]],
            found["less_is_better"],
        )
