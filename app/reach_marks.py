"""How the ground within reach of rows is drawn: one translucent area with its border, in the colour of the theme. Pure."""

from __future__ import annotations

from app.marks import HIDDEN, REACH, Layer
from app.palette import Flavour
from geodata.reach_tiles import reaching
from layers._theme import Theme


def areas(theme: Theme, flavour: Flavour) -> list[Layer]:
    """Layers of a theme whose rows reach; none of any other."""
    if reaching(theme) is None:
        return []
    shared: Layer = {"source": f"{theme.name}.{REACH}", "source-layer": f"{theme.name}.{REACH}", "layout": HIDDEN}
    ink = flavour.role(theme.style.role)
    return [
        {"id": f"{theme.name}:{REACH}", "type": "fill", **shared, "paint": {"fill-color": ink, "fill-opacity": 0.28, "fill-antialias": False}},
        {"id": f"{theme.name}:{REACH}-line", "type": "line", **shared, "paint": {"line-color": ink, "line-width": 1.2, "line-opacity": 0.8}},
    ]
