"""The point pyramid against the rows it counts."""

from __future__ import annotations

from sqlalchemy import Engine, text

from geodata import cells
from layers import theme

_HALLS = """
    INSERT INTO onemap.cameras (key, source, row_no, load_id, since, hash, code, name, online, geom)
    SELECT 'c' || n, 'cameras', n, 1, '2026-01-31', '', 'c' || n, 'x',
           CASE n % 10 WHEN 0 THEN 'offline' WHEN 1 THEN NULL ELSE 'online' END,
           ST_SetSRID(ST_MakePoint(124 + (n * 37 % 100) * 0.003, 30 + (n * 61 % 100) * 0.002), 4490)
    FROM generate_series(1, 500) AS n
"""


def test_every_zoom_counts_every_row_once(store: Engine) -> None:
    with store.begin() as connection:
        connection.execute(text(_HALLS))
        made = cells.rebuild(connection, theme("cameras"))
        assert cells.rebuild(connection, theme("cameras")) == made
        levels = connection.execute(text("""
            SELECT z, sum(n), sum((states ->> 'offline')::int), sum((states ->> 'online')::int),
                   round((sum(x * n) / sum(n))::numeric, 3) FROM onemap.cells GROUP BY z ORDER BY z
        """)).all()
    assert [row[0] for row in levels] == list(range(cells.COARSEST, cells.FINEST + 1))
    assert {tuple(row[1:]) for row in levels} == {(500, 50, 400, levels[0][4])}


def test_a_theme_of_lines_has_no_cells(store: Engine) -> None:
    with store.begin() as connection:
        assert cells.rebuild(connection, theme("roads")) == 0
