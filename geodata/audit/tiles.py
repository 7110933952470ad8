"""Findings of the audit as tiles: ground that is wrong, and a point for every finding."""

from __future__ import annotations

from geodata.door import Reader

PARTS = ("audit",)
"""The layer of tiles of the audited theme."""

_NORMS_FROM_ZOOM = 12
"""Findings by a norm alone are drawn from here: from afar they would hide what is wrong."""

_TILE = """WITH box AS (SELECT ST_TileEnvelope(:z, :x, :y) AS env)
    SELECT coalesce((SELECT ST_AsMVT(a, :layer, 4096, 'shape') FROM (
            SELECT kind, weight, zh, en, key, ST_AsMVTGeom(g3857, env, 4096, 64) AS shape FROM onemap.audit, box WHERE g3857 && env) a), ''::bytea)
        || coalesce((SELECT ST_AsMVT(p, :layer || '_points', 4096, 'shape') FROM (
            SELECT kind, weight, zh, en, key, ST_AsMVTGeom(point, env, 4096, 64) AS shape FROM box, LATERAL (
                SELECT *, ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), 3857) AS point FROM onemap.audit
                WHERE lon IS NOT NULL AND (weight <> 'norm' OR :z >= :norms)) f WHERE point && ST_Expand(env, (ST_XMax(env) - ST_XMin(env)) / 64)) p), ''::bytea)"""


def tile(reader: Reader, theme: str, place: tuple[int, int, int]) -> bytes:
    """A tile of findings.

    Parameters
    ----------
    reader : Reader
        Nothing is drawn for one of another day or of a part of the ground: the audit is one of all of today.
    theme : str
        The audited one.
    place : tuple of int
        Zoom, x, y.
    """
    if reader.scope.day is not None or reader.scope.area is not None:
        return b""
    z, x, y = place
    return bytes(reader.value(_TILE, layer=f"{theme}.audit", z=z, x=x, y=y, norms=_NORMS_FROM_ZOOM))
