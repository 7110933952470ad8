"""The rules that rows are held against: numbered declarations, a module for each family.

G geometry · T topology · C codes · E lists of values · D domains · N names and texts · U uniqueness · H hierarchy ·
S days · P plausibility · L the file as a whole. An error sets the row aside, a warning is kept and counted, a load rule
refuses the file. `RULES.md` beside this file is made from them.
"""

from __future__ import annotations

from functools import cache

from etl.rules import (
    between,
    codes,
    devices,
    domains,
    enumerations,
    extents,
    files,
    geometry,
    hierarchy,
    plausibility,
    texts,
    times,
    topology,
    uniqueness,
)
from etl.rules._ground import Ground, of_store
from etl.rules._matter import Matter
from etl.rules._rule import WHOLE_FILE, Rule, Severity
from layers import Text

__all__ = ["FAMILIES", "RULES", "WHOLE_FILE", "Ground", "Matter", "Rule", "Severity", "by_name", "of_store"]

# In the order in which a row's reasons are told.
RULES: tuple[Rule, ...] = (
    *geometry.RULES,
    *extents.RULES,
    *codes.RULES,
    *devices.RULES,
    *enumerations.RULES,
    *domains.RULES,
    *texts.RULES,
    *plausibility.RULES,
    *uniqueness.RULES,
    *hierarchy.RULES,
    *times.RULES,
    *topology.RULES,
    *between.RULES,
    *files.RULES,
)

FAMILIES = {
    "L": Text("整份文件", "The file as a whole"),
    "G": Text("几何图形", "Geometry"),
    "T": Text("拓扑", "Topology"),
    "C": Text("编码", "Codes"),
    "E": Text("枚举值", "Lists of values"),
    "D": Text("值域", "Domains"),
    "N": Text("名称与文字", "Names and texts"),
    "U": Text("唯一性", "Uniqueness"),
    "H": Text("层级", "Hierarchy"),
    "S": Text("时间", "Days"),
    "P": Text("合理性", "Plausibility"),
}


@cache
def by_name() -> dict[str, Rule]:
    """Every rule by its word in the ledger."""
    return {each.name: each for each in RULES}
