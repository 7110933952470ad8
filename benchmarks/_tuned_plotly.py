"""A peer of first-map: the same picture with Plotly traces, as one who knows Plotly well would write it.

A choropleth of the units of one level from a GeoJSON address, simplified to a pixel of the deepest zoom at which we draw
units; a Scattermap trace for each state of the cameras, from NumPy columns, which Plotly sends as bytes; halls and main
roads. An empty style, no compression to wait for. Buttons change the indicator and add cameras.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from dash import Dash, Input, Output, Patch, dcc, html
from flask import Response

import layers
from geodata.door import Door
from geodata.store import engine

PIXEL = 0.00005
"""Degrees: 5 m, a pixel at zoom 14, the last of our tiles of units."""

_LATEST = """LEFT JOIN LATERAL (SELECT value FROM onemap.indicators i WHERE i.unit = l.code AND i.indicator = '{name}'
    AND i.definition = 'default' ORDER BY day DESC LIMIT 1) {alias} ON true"""
_UNITS = f"""
SELECT l.id, l.code, l.name, ST_AsGeoJSON(ST_SimplifyPreserveTopology(l.geom, {PIXEL}), 5) AS shape, a.value AS first, b.value AS second
FROM onemap.ladder l {_LATEST.format(name="cameras.online", alias="a")} {_LATEST.format(name="cameras.hd", alias="b")}
WHERE l.level = :level"""  # noqa: S608 - only constants of this module
_POINTS = "SELECT name, ST_X(geom) AS lon, ST_Y(geom) AS lat, coalesce({state}, '') AS state FROM onemap.{theme} WHERE geom IS NOT NULL ORDER BY id LIMIT :n"
_ROADS = f"SELECT ST_AsGeoJSON(ST_Multi(ST_SimplifyPreserveTopology(geom, {PIXEL})), 5) AS shape FROM onemap.roads WHERE sort = :sort"  # noqa: S608
COLOURS = {"online": "rgb(14,142,122)", "offline": "rgb(213,80,58)"}


def collection(units: Sequence[Mapping[str, Any]]) -> str:
    """The units as one GeoJSON text."""
    features = [
        {"type": "Feature", "id": each["code"], "properties": {}, "geometry": json.loads(each["shape"])}
        for each in units
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def page(units: Sequence[Mapping[str, Any]], points: Mapping[str, list[go.Scattermap]], at_once: Sequence[go.Scattermap] = ()) -> Dash:
    """The peer's page; `points`: button -> traces that it adds; `at_once`: traces that its first picture has."""
    app = Dash(__name__, title="plain", serve_locally=True)
    shapes = collection(units)
    app.server.add_url_rule("/units.geojson", view_func=lambda: Response(shapes, mimetype="application/json"))
    graph = dcc.Graph(id="map", figure=picture(units, at_once), style={"height": "92vh"}, config={"showSendToCloud": False})
    app.layout = html.Div([*(html.Button(name, id=name) for name in ("indicator", *points)), graph])
    _wire(app, units, points)
    return app


def scatter(points: Sequence[Mapping[str, Any]]) -> list[go.Scattermap]:
    """Points, a trace for each state in its colour."""
    states = np.array([each["state"] for each in points])
    lon, lat = (np.array([each[name] for each in points]) for name in ("lon", "lat"))
    return [
        go.Scattermap(lon=lon[states == each], lat=lat[states == each], name=each,
                      marker={"color": COLOURS.get(each, "rgb(120,120,120)")})
        for each in dict.fromkeys(states.tolist())
    ]


def lines(shapes: Sequence[str]) -> go.Scattermap:
    """Lines as one trace, parted by gaps."""
    parts = [np.array([*part, (np.nan, np.nan)]) for each in shapes for part in json.loads(each)["coordinates"]]
    at = np.concatenate([*parts, np.zeros((0, 2))])
    return go.Scattermap(lon=at[:, 0], lat=at[:, 1], mode="lines", line={"color": "rgb(185,169,140)", "width": 1})


def picture(units: Sequence[Mapping[str, Any]], more: Sequence[go.Scattermap], of: str = "first") -> go.Figure:
    """The choropleth of an indicator, and traces over it."""
    trace = go.Choroplethmap(
        geojson="/units.geojson", locations=[each["code"] for each in units], z=[each[of] for each in units]
    )
    return go.Figure(
        [trace, *more],
        layout={
            "map": {"style": "white-bg", "center": {"lon": 124, "lat": 30.5}, "zoom": 8},
            "margin": dict.fromkeys("lrtb", 0), "showlegend": False,
        },
    )


def _wire(app: Dash, units: Sequence[Mapping[str, Any]], points: Mapping[str, list[go.Scattermap]]) -> None:
    @app.callback(
        Output("map", "figure", allow_duplicate=True), Input("indicator", "n_clicks"), prevent_initial_call=True
    )
    def change(n: int) -> Patch:
        """The other indicator over the units that are drawn."""
        patch = Patch()
        patch["data"][0]["z"] = [each["second" if n % 2 else "first"] for each in units]
        return patch

    for name, traces in points.items():

        @app.callback(Output("map", "figure", allow_duplicate=True), Input(name, "n_clicks"), prevent_initial_call=True)
        def show(_: int, traces: list[go.Scattermap] = traces) -> go.Figure:
            """The picture with the rows of a theme on it."""
            return picture(units, traces, "second")  # a figure sends columns as bytes, a Patch as text


@dataclass(frozen=True)
class Ground:
    """What a peer draws: units with their borders, cameras, halls, main roads; `points`: whether the first picture has all of them."""

    port: int
    points: bool
    units: Sequence[Mapping[str, Any]]
    cameras: Sequence[Mapping[str, Any]]
    halls: Sequence[Mapping[str, Any]]
    roads: Sequence[str]


def ground() -> Ground:
    """What the command line asks for: --port, the units of --level; with --points, the first picture has all that ours has."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--level", default="village")
    parser.add_argument("--points", action="store_true")
    asked = parser.parse_args()
    widest = layers.theme("roads").field("sort").choices[0].value  # the only roads that the first picture shows
    with Door(engine()).reader() as reader:
        return Ground(
            asked.port, asked.points, reader.all(_UNITS, level=asked.level), reader.all(_POINTS.format(theme="cameras", state="online"), n=None),
            reader.all(_POINTS.format(theme="halls", state="state"), n=None), [each["shape"] for each in reader.all(_ROADS, sort=widest)],
        )


def main() -> None:
    """Serve the peer's page."""
    of = ground()
    at_once = [lines(of.roads), *scatter(of.cameras), *scatter(of.halls)] if of.points else []
    points = {"cameras": scatter(of.cameras), "cameras-100000": scatter(of.cameras[:100_000])}
    page(of.units, {} if of.points else points, at_once).run(host="127.0.0.1", port=of.port, debug=False)


if __name__ == "__main__":
    main()
