"""The peer of first-map: the same picture with plain Plotly traces, as a tutorial would write it.

Choropleth of the units of one level from a GeoJSON address, and a Scattermap of 100,000 cameras, on an empty style. Two
buttons: one changes the indicator, one adds the cameras.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
from dash import Dash, Input, Output, Patch, dcc, html
from flask import Response

from geodata.door import Door
from geodata.store import engine

CAMERAS = 100_000
_LATEST = """LEFT JOIN LATERAL (SELECT value FROM onemap.indicators i WHERE i.unit = l.code AND i.indicator = '{name}'
    AND i.definition = 'default' ORDER BY day DESC LIMIT 1) {alias} ON true"""
_UNITS = f"""
SELECT l.id, l.code, ST_AsGeoJSON(ST_SnapToGrid(l.geom, 0.00001)) AS shape, a.value AS first, b.value AS second
FROM onemap.ladder l {_LATEST.format(name="cameras.online", alias="a")} {_LATEST.format(name="cameras.hd", alias="b")}
WHERE l.level = :level"""  # noqa: S608 - only constants of this module
_POINTS = """SELECT ST_X(geom) AS lon, ST_Y(geom) AS lat, {state} AS state FROM onemap.{theme} WHERE geom IS NOT NULL ORDER BY id LIMIT :n"""
COLOURS = {"online": "rgb(14,142,122)", "offline": "rgb(213,80,58)"}


def collection(units: Sequence[Mapping[str, Any]]) -> str:
    """The units as one GeoJSON text."""
    features = [
        {"type": "Feature", "id": each["code"], "properties": {}, "geometry": json.loads(each["shape"])}
        for each in units
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def page(units: Sequence[Mapping[str, Any]], points: Sequence[Mapping[str, Any]], at_once: Sequence[go.Scattermap] = ()) -> Dash:
    """The peer's page; `at_once`: traces of points that its first picture has."""
    app = Dash(__name__, title="plain", serve_locally=True)
    shapes = collection(units)
    app.server.add_url_rule("/units.geojson", view_func=lambda: Response(shapes, mimetype="application/json"))
    graph = dcc.Graph(id="map", figure=picture(units, at_once), style={"height": "92vh"}, config={"showSendToCloud": False})
    app.layout = html.Div([html.Button("indicator", id="indicator"), html.Button("cameras", id="cameras"), graph])
    _wire(app, units, points)
    return app


def scatter(points: Sequence[Mapping[str, Any]]) -> go.Scattermap:
    """Points in the colour of their state."""
    return go.Scattermap(
        lon=[each["lon"] for each in points],
        lat=[each["lat"] for each in points],
        marker={"color": [COLOURS.get(each["state"], "rgb(120,120,120)") for each in points]},
    )


def picture(units: Sequence[Mapping[str, Any]], at_once: Sequence[go.Scattermap]) -> go.Figure:
    """The choropleth of the first indicator, and points over it."""
    trace = go.Choroplethmap(
        geojson="/units.geojson", locations=[each["code"] for each in units], z=[each["first"] for each in units]
    )
    return go.Figure(
        [trace, *at_once],
        layout={
            "map": {"style": "white-bg", "center": {"lon": 124, "lat": 30.5}, "zoom": 8},
            "margin": dict.fromkeys("lrtb", 0),
        },
    )


def _wire(app: Dash, units: Sequence[Mapping[str, Any]], points: Sequence[Mapping[str, Any]]) -> None:
    @app.callback(
        Output("map", "figure", allow_duplicate=True), Input("indicator", "n_clicks"), prevent_initial_call=True
    )
    def change(n: int) -> Patch:
        patch = Patch()
        patch["data"][0]["z"] = [each["second" if n % 2 else "first"] for each in units]
        return patch

    @app.callback(
        Output("map", "figure", allow_duplicate=True), Input("cameras", "n_clicks"), prevent_initial_call=True
    )
    def show(n: int) -> Patch:
        patch = Patch()
        patch["data"].append(scatter(points))
        return patch


def main() -> None:
    """Serve the peer's page on --port for the units of --level, with --points: the first picture has cameras and halls."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--level", default="village")
    parser.add_argument("--points", action="store_true")
    asked = parser.parse_args()
    with Door(engine()).reader() as reader:
        units = reader.all(_UNITS, level=asked.level)
        cameras = reader.all(_POINTS.format(theme="cameras", state="online"), n=CAMERAS)
        halls = reader.all(_POINTS.format(theme="halls", state="state"), n=CAMERAS)
    at_once = [scatter(cameras), scatter(halls)] if asked.points else []
    page(units, cameras, at_once).run(host="127.0.0.1", port=asked.port, debug=False)


if __name__ == "__main__":
    main()
