"""The peer of first-map: the same picture in plain Plotly, as its documentation writes it.

A choropleth and a scatter of the rows by plotly.express, names under the pointer as on our map; the borders stand in the
figure, simplified to a pixel of the deepest zoom at which we draw units; a callback returns the figure anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
from dash import Dash, Input, Output, dcc, html

from benchmarks._tuned_plotly import COLOURS, Ground, collection, ground, lines

Rows = Sequence[Mapping[str, Any]]


def choropleth(units: Rows, shapes: dict[str, Any], of: str) -> go.Figure:
    """The units in the colours of an indicator."""
    frame = pd.DataFrame({name: [each[name] for each in units] for name in ("code", "name", of)})
    figure = px.choropleth_map(
        frame, geojson=shapes, locations="code", color=of, hover_name="name", map_style="white-bg", center={"lon": 124, "lat": 30.5}, zoom=8,
    )
    return figure.update_layout(margin=dict.fromkeys("lrtb", 0), showlegend=False)


def scatter(rows: Rows) -> tuple[Any, ...]:
    """Traces of points in the colour of their state."""
    return tuple(px.scatter_map(pd.DataFrame(rows), lat="lat", lon="lon", color="state", hover_name="name", color_discrete_map=COLOURS).data)


def page(of: Ground) -> Dash:
    """The page: buttons change the indicator and add cameras."""
    shapes = json.loads(collection(of.units))
    first = choropleth(of.units, shapes, "first")
    if of.points:
        first.add_traces([lines(of.roads), *scatter(of.cameras), *scatter(of.halls)])
    app = Dash(__name__, title="plain", serve_locally=True)
    graph = dcc.Graph(id="map", figure=first, style={"height": "92vh"}, config={"showSendToCloud": False})
    app.layout = html.Div([*(html.Button(name, id=name) for name in ("indicator", "cameras", "cameras-100000")), graph])

    @app.callback(Output("map", "figure", allow_duplicate=True), Input("indicator", "n_clicks"), prevent_initial_call=True)
    def change(n: int) -> go.Figure:
        """The other indicator."""
        return choropleth(of.units, shapes, "second" if n % 2 else "first")

    for name, rows in (("cameras", of.cameras), ("cameras-100000", of.cameras[:100_000])):

        @app.callback(Output("map", "figure", allow_duplicate=True), Input(name, "n_clicks"), prevent_initial_call=True)
        def show(_: int, rows: Rows = rows) -> go.Figure:
            """The picture with cameras on it."""
            return choropleth(of.units, shapes, "second").add_traces(scatter(rows))

    return app


if __name__ == "__main__":
    asked = ground()
    page(asked).run(host="127.0.0.1", port=asked.port, debug=False)
