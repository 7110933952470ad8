"""What a benchmark says: figures, and ratios to a limit or to a peer measured in the same run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Report:
    """The outcome of one benchmark.

    Parameters
    ----------
    name, scale : str
        Which benchmark on which sample.
    figures : mapping of str to float
        Medians and percentiles; the unit is the end of the name (`_s`, `_ms`, `_kb`).
    ratios : mapping of str to float
        `x_of_limit`: figure by limit, at most 1 is kept; `times_faster...`: peer by ours, the more the better.
    """

    name: str
    scale: str
    figures: Mapping[str, float]
    ratios: Mapping[str, float]

    def as_json(self) -> str:
        """The report as one JSON object."""
        return json.dumps(
            {
                "name": self.name,
                "scale": self.scale,
                "figures": _rounded(self.figures),
                "ratios": _rounded(self.ratios),
            },
            ensure_ascii=False,
        )

    def as_text(self) -> str:
        """The report as lines for a reader."""
        rows = [f"{self.name} ({self.scale})", *(f"  {key:<44}{value:>12,.3f}" for key, value in self.figures.items())]
        return "\n".join([*rows, *(f"  {key:<44}{value:>11,.2f}x" for key, value in self.ratios.items())])


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {key: round(float(value), 4) for key, value in values.items()}


def median(values: Sequence[float]) -> float:
    """The middle of the values."""
    return float(np.median(values))


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed (the next higher one measured, never a mean of two)."""
    return float(np.percentile(values, 95, method="higher"))
