"""The ladder of units, made from the rows of every theme that has rungs; inside the transaction that publishes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geodata.copying import BLOCK_ROWS, copy_in
from geodata.earth import areas
from geodata.nesting import Node, added_up, parents, paths, rank_of, without_parent
from geodata.shared_tables import DRAWN, STORED
from geodata.silhouette import silhouettes
from layers import Theme, themes
from layers._ladder import LEVEL_NAMES, level_of

_PARTS = ("code", "name", "level", "parent", "population", "households", "registered")


def rungs() -> list[Theme]:
    """Themes whose rows are units."""
    return [each for each in themes().values() if each.rung]


def levels(theme: Theme, frame: pd.DataFrame) -> pd.Series:
    """The level of each row: the one given, else what its code says; None where neither says it.

    Parameters
    ----------
    theme : Theme
        With rungs.
    frame : DataFrame, n rows
        A column for each field of the theme.
    """
    rung = theme.rung
    assert rung is not None, theme.name
    given, codes = frame[rung.level], frame[rung.code]
    return given.where(given.notna(), codes.map(lambda code: level_of(code) if isinstance(code, str) else None))


def foresee(
    connection: Connection,
    theme: Theme,
    source: str,
    recipe: Mapping[str, Any],
    frame: pd.DataFrame,
    shapes: NDArray[Any],
) -> tuple[dict[str, str], set[str]]:
    """Where the units of a load will stand, before they are published.

    Parameters
    ----------
    connection : Connection
    theme : Theme
        With rungs.
    source : str
        Whose rows the load replaces.
    recipe : mapping
        Of the load: `root` and `top`.
    frame : DataFrame, n rows
        Rows with code, level and shape.
    shapes : array of Geometry, shape (n,)

    Returns
    -------
    dict of str to str, set of str
        Code -> path; codes that no unit stands above although there are higher ones.
    """
    standing = _units(connection)
    standing = standing[(standing["of"] != theme.name) | (standing["source"] != source)]
    coming = _renamed(theme, frame).assign(source=source, of=theme.name, level=levels(theme, frame))
    root = recipe.get("root")
    coming = coming.assign(root=root["code"] if root else None, top=bool(recipe.get("top")))
    nodes = _nodes(
        [*_roots(connection, leave=(theme.name, source)), *([root] if root else [])], pd.concat([standing, coming])
    )
    by_code = dict(zip(coming["code"], shapes, strict=True))
    above = parents(nodes, lambda codes: _shapes(connection, codes, by_code), wanted=by_code)
    made = paths(above, sorted(nodes, key=lambda code: nodes[code].rank))
    return {code: made[code] for code in by_code}, without_parent(nodes, above) & set(by_code)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What changed in the ladder.

    Parameters
    ----------
    written : int
        Units added, moved, renamed and gone.
    levels : frozenset of str
        Levels whose units came, went or changed their shape: they have to be drawn anew.
    """

    written: int
    levels: frozenset[str]


def rebuild(connection: Connection) -> Rebuilt:
    """Make the ladder anew; units that are as they were are not written.

    Parameters
    ----------
    connection : Connection
        In the transaction that published boundaries.

    Returns
    -------
    Rebuilt
    """
    units, roots = _units(connection), _roots(connection)
    nodes = _nodes(roots, units)
    above = parents(nodes, lambda codes: _shapes(connection, codes, {}))
    tree = _tree(nodes, above, units, roots)
    _stage(connection, tree)
    _stage_roots(connection, units, roots)
    return _settle(connection)


def _units(connection: Connection) -> pd.DataFrame:
    """Every row with a rung: its parts, its theme (`of`), its source, and what the source's recipe says."""
    said = _recipes(connection)
    found = [_rows(connection, each) for each in rungs()]
    units = pd.concat(found, ignore_index=True)
    recipes = [said.get(each, {}) for each in zip(units["of"], units["source"], strict=True)]
    units["root"] = [each["root"]["code"] if each.get("root") else None for each in recipes]
    units["top"] = [bool(each.get("top")) for each in recipes]
    return units.drop_duplicates("code")


def _rows(connection: Connection, theme: Theme) -> pd.DataFrame:
    rung = theme.rung
    wanted = {part: getattr(rung, part) for part in _PARTS}
    columns = ", ".join(f'"{name}" AS "{part}"' if name else f'NULL AS "{part}"' for part, name in wanted.items())
    found = connection.execute(text(f'SELECT {columns}, source FROM onemap."{theme.name}"')).all()  # noqa: S608
    rows = pd.DataFrame(found, columns=[*_PARTS, "source"], dtype=object).assign(of=theme.name)
    rows["level"] = rows["level"].where(rows["level"].notna(), rows["code"].map(level_of))
    return rows


def _renamed(theme: Theme, frame: pd.DataFrame) -> pd.DataFrame:
    names = {part: getattr(theme.rung, part) for part in _PARTS}
    return pd.DataFrame({part: frame[name] if name else None for part, name in names.items()}, index=frame.index)


def _recipes(connection: Connection) -> dict[tuple[str, str], dict[str, Any]]:
    question = text("SELECT DISTINCT ON (theme, source) theme, source, recipe FROM onemap.loads ORDER BY theme, source, id DESC")
    return {(row.theme, row.source): row.recipe for row in connection.execute(question)}


def _roots(connection: Connection, leave: tuple[str, str] | None = None) -> list[dict[str, Any]]:
    """The units that recipes make of whole files: code, name, level, and the theme and source of the file."""
    said = _recipes(connection).items()
    return [
        {**recipe["root"], "of": theme, "source": source}
        for (theme, source), recipe in said
        if recipe.get("root") and (theme, source) != leave
    ]


def _nodes(roots: Sequence[Mapping[str, Any]], units: pd.DataFrame) -> dict[str, Node]:
    nodes = {each["code"]: Node(each["code"], rank_of(each["level"])) for each in roots}
    parts = (units[name] for name in ("code", "level", "parent", "root", "top"))
    for code, level, parent, root, top in zip(*parts, strict=True):
        if level in LEVEL_NAMES:
            nodes[code] = Node(code, rank_of(level), parent, root, top)
    return nodes


def _shapes(connection: Connection, codes: Sequence[str], known: Mapping[str, Any]) -> NDArray[Any]:
    """Geometry of units: those in hand, the others from the tables; of a root that is no row, none."""
    found = {code: known[code] for code in codes if code in known}
    asked = [code for code in codes if code not in known]
    for each in rungs() if asked else ():
        code = _code_of(each)
        question = text(
            f'SELECT "{code}" AS code, ST_AsBinary(geom) AS wkb FROM onemap."{each.name}" WHERE "{code}" = ANY(:codes)'  # noqa: S608
        )
        rows = connection.execute(question, {"codes": asked}).all()
        found |= dict(zip([row.code for row in rows], shapely.from_wkb([bytes(row.wkb) for row in rows]), strict=True))
    return np.array([found.get(code) for code in codes], dtype=object)


def _tree(
    nodes: Mapping[str, Node], above: Mapping[str, str | None], units: pd.DataFrame, roots: Sequence[Mapping[str, Any]]
) -> pd.DataFrame:
    """One row for each unit, parents before children."""
    order = sorted(nodes, key=lambda code: (nodes[code].rank, code))
    made = paths(above, order)
    place = {code: n for n, code in enumerate(order)}
    parent = np.array([place.get(above[code] or "", -1) for code in order], dtype=np.int64)
    facts = pd.concat([pd.DataFrame(roots, columns=["code", "name", "of"]), units]).drop_duplicates("code", keep="last")
    facts = facts.set_index("code").reindex(order)
    tree = pd.DataFrame({"code": order, "level": [LEVEL_NAMES[nodes[code].rank] for code in order]})
    tree["name"], tree["theme"] = facts["name"].to_numpy(), facts["of"].to_numpy()
    tree["parent"] = [above[code] for code in order]
    tree["path"] = [made[code] for code in order]
    tree["depth"] = [path.count("/") - 1 for path in tree["path"]]
    tree["children"] = np.bincount(parent[parent >= 0], minlength=len(order))
    for name in ("population", "households", "registered"):
        own = pd.to_numeric(facts[name]).to_numpy(dtype=float, na_value=np.nan)
        tree[name] = pd.array(added_up(own, parent, ~np.isnan(own)), dtype="Float64").astype("Int64")
    return tree


_TREE = ("code", "name", "level", "depth", "parent", "path", "theme", "population", "households", "registered", "children")


def _stage(connection: Connection, tree: pd.DataFrame) -> None:
    listed = ", ".join(_TREE)
    connection.execute(text(f"CREATE TEMP TABLE tree ON COMMIT DROP AS SELECT {listed} FROM onemap.ladder WHERE false"))  # noqa: S608
    connection.execute(text("CREATE TEMP TABLE grown (code text, geom geometry) ON COMMIT DROP"))
    copy_in(connection, "tree", {name: tree[name] for name in _TREE})
    connection.execute(text("ANALYZE tree"))


def _stage_roots(connection: Connection, units: pd.DataFrame, roots: Sequence[Mapping[str, Any]]) -> None:
    """The ground of each root: the union of the rows of its file."""
    for each in roots:
        mine = units[(units["of"] == each["of"]) & (units["source"] == each["source"])]
        if not len(mine) or each["code"] in set(units["code"]):
            continue
        union = shapely.union_all(_shapes(connection, list(mine["code"]), {}))
        ground = shapely.multipolygons([*shapely.get_parts(union)]) if union.geom_type == "Polygon" else union
        wkb = shapely.to_wkb(shapely.set_srid(ground, STORED), hex=True, include_srid=True)
        copy_in(connection, "grown", {"code": pa.array([each["code"]]), "geom": pa.array([wkb])})


def _stage_areas(connection: Connection, coming: str) -> None:
    """Ground and silhouette of units that are new or have moved: for the ground PostGIS takes ten times longer than for all the rest."""
    connection.execute(text("CREATE TEMP TABLE fresh (code text PRIMARY KEY, area double precision, silhouette text) ON COMMIT DROP"))
    asked = text(_FRESH.format(coming=coming)).execution_options(stream_results=True)
    for rows in connection.execute(asked).partitions(BLOCK_ROWS):
        shapes = shapely.from_wkb([None if row.wkb is None else bytes(row.wkb) for row in rows])
        area = np.where(shapely.is_missing(shapes), np.nan, areas(shapes))
        copy_in(connection, "fresh", {"code": [row.code for row in rows], "area": area, "silhouette": silhouettes(shapes)})
    connection.execute(text("ANALYZE fresh"))


def _settle(connection: Connection) -> Rebuilt:
    """Bring the table to what was staged."""
    coming = " UNION ALL ".join([*(_COMING.format(theme=each.name, code=_code_of(each)) for each in rungs()), _GROWN])
    _stage_areas(connection, coming)
    shifted = connection.execute(text(_SHIFTED)).all()
    levels = [level for row in shifted for level in row]
    for step in (_GONE, _MOVED.format(coming=coming), _NEW.format(coming=coming)):
        levels += connection.execute(text(step)).scalars()
    renamed = connection.execute(text(_RENAMED)).rowcount
    connection.execute(text("DROP TABLE tree, grown, fresh"))
    if levels:
        connection.execute(text("ANALYZE onemap.ladder"))
    return Rebuilt(len(levels) + renamed, frozenset(levels))


def _code_of(theme: Theme) -> str:
    return theme.rung.code if theme.rung else theme.key


_COMING = (
    """SELECT t.*, r.geom, r.g3857 FROM tree t JOIN onemap."{theme}" r ON t.theme = '{theme}' AND r."{code}" = t.code"""
)
_GROWN = f"SELECT t.*, r.geom, ST_Transform(ST_SetSRID(r.geom, 4326), {DRAWN}) FROM tree t JOIN grown r USING (code)"  # noqa: S608

_SHIFTED = "SELECT l.level, t.level FROM onemap.ladder l JOIN tree t USING (code) WHERE l.level <> t.level"

_GONE = "DELETE FROM onemap.ladder l WHERE NOT EXISTS (SELECT FROM tree t WHERE t.code = l.code) RETURNING l.level"

# Bytes, not "=": that compares boxes first, and this must see every vertex.
_FRESH = """SELECT c.code, ST_AsBinary(c.geom) AS wkb FROM ({coming}) c LEFT JOIN onemap.ladder l ON l.code = c.code
    WHERE l.code IS NULL OR (l.silhouette IS NULL AND c.geom IS NOT NULL) OR ST_AsEWKB(c.geom) IS DISTINCT FROM ST_AsEWKB(l.geom)"""

_MOVED = """UPDATE onemap.ladder l SET geom = c.geom, g3857 = c.g3857, label = ST_PointOnSurface(c.g3857), area_m2 = f.area, silhouette = f.silhouette,
    west = ST_XMin(c.geom), south = ST_YMin(c.geom), east = ST_XMax(c.geom), north = ST_YMax(c.geom)
    FROM ({coming}) c JOIN fresh f ON f.code = c.code WHERE c.code = l.code RETURNING c.level"""

_SAID = ("name", "level", "depth", "parent", "path", "theme", "population", "households", "registered", "children")
_RENAMED = f"""UPDATE onemap.ladder l SET {", ".join(f"{name} = t.{name}" for name in _SAID)} FROM tree t
    WHERE t.code = l.code AND ({", ".join(f"t.{name}" for name in _SAID)})
    IS DISTINCT FROM ({", ".join(f"l.{name}" for name in _SAID)})"""  # noqa: S608

# A unit keeps its id as long as it stands; a new one never takes the id of one that stands.
_NEW = f"""INSERT INTO onemap.ladder (id, {", ".join(_TREE)}, geom, g3857, label, area_m2, silhouette, west, south, east, north)
    SELECT (SELECT coalesce(max(id), 0) FROM onemap.ladder) + row_number() OVER (ORDER BY c.path),
    {", ".join(f"c.{name}" for name in _TREE)}, c.geom, c.g3857, ST_PointOnSurface(c.g3857),
    f.area, f.silhouette, ST_XMin(c.geom), ST_YMin(c.geom), ST_XMax(c.geom), ST_YMax(c.geom)
    FROM ({{coming}}) c JOIN fresh f ON f.code = c.code WHERE NOT EXISTS (SELECT FROM onemap.ladder l WHERE l.code = c.code) RETURNING level"""  # noqa: S608


def bounds(connection: Connection) -> NDArray[np.float64]:
    """West, south, east and north of each root of the ladder, in degrees; shape (r, 4)."""
    rows = connection.execute(text("SELECT west, south, east, north FROM onemap.ladder WHERE parent IS NULL AND west IS NOT NULL"))
    return np.array(rows.all(), dtype=float).reshape(-1, 4)
