"""The peer of status: cameras as one plain Plotly Scattermap coloured by state; a button turns one in a hundred of them."""

from __future__ import annotations

import argparse

import numpy as np
import plotly.graph_objects as go
from dash import Dash, Input, Output, Patch, dcc, html

from geodata.door import Door
from geodata.store import engine

_POINTS = "SELECT ST_X(geom) AS lon, ST_Y(geom) AS lat, coalesce(online, '') AS state FROM onemap.cameras WHERE geom IS NOT NULL ORDER BY {order} LIMIT :n"
_NEAR = "geom <-> ST_SetSRID(ST_MakePoint(:lon, :lat), 4490)"
INKS = np.array(["rgb(14,142,122)", "rgb(213,80,58)"])
TURNED = 100
"""One row in so many."""


def page(lon: np.ndarray, lat: np.ndarray, offline: np.ndarray, zoom: float) -> Dash:
    """The peer's page: points in columns, which Plotly sends as bytes; colours as text, which is all that it takes."""
    app = Dash(__name__, title="plain dots", serve_locally=True)
    dots = go.Scattermap(lon=lon, lat=lat, mode="markers", marker={"color": INKS[offline].tolist(), "size": 7})
    look = {"style": "white-bg", "center": {"lon": float(np.median(lon)), "lat": float(np.median(lat))}, "zoom": zoom}
    figure = go.Figure([dots], layout={"map": look, "margin": dict.fromkeys("lrtb", 0), "showlegend": False})
    app.layout = html.Div([html.Button("turn", id="turn"), dcc.Graph(id="map", figure=figure, style={"height": "92vh"})])

    @app.callback(Output("map", "figure"), Input("turn", "n_clicks"), prevent_initial_call=True)
    def turn(n: int) -> Patch:
        """One row in so many turns, and all colours are sent."""
        now = offline.copy()
        now[::TURNED] ^= n % 2
        patch = Patch()
        patch["data"][0]["marker"]["color"] = INKS[now].tolist()
        return patch

    return app


def main() -> None:
    """Serve the peer's page on --port for the --rows cameras nearest to --at lon,lat."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--at", required=True)
    parser.add_argument("--zoom", type=float, default=12.0)
    asked = parser.parse_args()
    lon, lat = map(float, asked.at.split(","))
    with Door(engine()).reader() as reader:
        rows = reader.all(_POINTS.format(order=_NEAR), n=asked.rows, lon=lon, lat=lat)
    columns = [np.array([row[name] for row in rows]) for name in ("lon", "lat", "state")]
    page(columns[0], columns[1], (columns[2] == "offline").astype(int), asked.zoom).run(host="127.0.0.1", port=asked.port, debug=False)


if __name__ == "__main__":
    main()
