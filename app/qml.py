"""A layer's style as QGIS keeps it (QML), out of the declaration: colours by state, titles of fields, words for choices. Pure."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from app.palette import DESK
from geodata.published import Collection
from layers import Theme
from layers._field import Field
from layers._theme import Geometry, Role

_SYMBOLS = {Geometry.POINT: ("marker", "SimpleMarker"), Geometry.LINE: ("line", "SimpleLine"), Geometry.AREA: ("fill", "SimpleFill")}


def qml(collection: Collection) -> str:
    """The style of a collection's layer.

    Parameters
    ----------
    collection : Collection

    Returns
    -------
    str
        XML that QGIS 3 reads from a file or from a GeoPackage's table `layer_styles`.
    """
    top = Element("qgis", version="3.22.0", styleCategories="Symbology|Fields|Forms", labelsEnabled="0")
    _renderer(top, collection)
    configured = SubElement(top, "fieldConfiguration")
    aliases = SubElement(top, "aliases")
    for index, field in enumerate(collection.fields):
        _widget(SubElement(configured, "field", name=field.name, configurationFlags="None"), field)
        SubElement(aliases, "alias", index=str(index), field=field.name, name=titled(field))
    SubElement(top, "previewExpression").text = f'"{collection.label}"'
    return tostring(top, encoding="unicode")


def titled(field: Field) -> str:
    """A field's title with its unit."""
    return f"{field.title.zh}（{field.unit}）" if field.unit and field.unit != "1" else field.title.zh


def _renderer(top: Element, collection: Collection) -> None:
    theme = collection.theme
    by = theme.style.by if theme else None
    made = SubElement(top, "renderer-v2", type="categorizedSymbol" if by else "singleSymbol", symbollevels="0", enableorderby="0")
    if theme is None or by is None:
        symbols = SubElement(made, "symbols")
        _symbol(symbols, 0, theme.geometry if theme else Geometry.AREA, theme.style.role if theme else Role.BORDER, theme is None or bool(theme.rung))
        return
    made.set("attr", by)
    categories, symbols = SubElement(made, "categories"), SubElement(made, "symbols")
    for index, (value, label, role) in enumerate(_categories(theme, by)):
        SubElement(categories, "category", value=value, label=label, symbol=str(index), render="true", type="string")
        _symbol(symbols, index, theme.geometry, role, bool(theme.rung))


def _categories(theme: Theme, by: str) -> list[tuple[str, str, Role]]:
    told = [(each.value, each.title.zh, theme.style.role_of(each.value)) for each in theme.field(by).choices]
    return [*told, ("", theme.style.rest.zh if theme.style.rest else "未填", theme.style.role_of(None))]


def _symbol(symbols: Element, index: int, geometry: Geometry, role: Role, hollow: bool) -> None:
    kind, layer = _SYMBOLS[geometry]
    symbol = SubElement(symbols, "symbol", type=kind, name=str(index), alpha="1", clip_to_extent="1", force_rhr="0")
    drawn = SubElement(SubElement(symbol, "layer", {"class": layer, "enabled": "1", "pass": "0", "locked": "0"}), "Option", type="Map")
    for name, value in _look(geometry, DESK.role(role), hollow).items():
        SubElement(drawn, "Option", name=name, value=value, type="QString")


def _look(geometry: Geometry, ink: str, hollow: bool) -> dict[str, str]:
    rgb = ",".join(str(int(ink[at : at + 2], 16)) for at in (1, 3, 5))
    if geometry is Geometry.POINT:
        return {"name": "circle", "color": f"{rgb},255", "outline_color": "255,255,255,255", "outline_width": "0.3", "size": "2.4", "size_unit": "MM"}
    if geometry is Geometry.LINE:
        return {"line_color": f"{rgb},255", "line_width": "0.6", "line_width_unit": "MM", "capstyle": "round", "joinstyle": "round"}
    return {
        "color": f"{rgb},{0 if hollow else 140}", "style": "no" if hollow else "solid", "outline_color": f"{rgb},255",
        "outline_width": "0.4", "outline_style": "solid",
    }  # fmt: skip


def _widget(place: Element, field: Field) -> None:
    """Choices are shown by their titles; everything else as it is."""
    widget = SubElement(place, "editWidget", type="ValueMap" if field.choices else "TextEdit")
    config = SubElement(SubElement(widget, "config"), "Option", type="Map")
    if field.choices:
        words = SubElement(config, "Option", name="map", type="List")
        for each in field.choices:
            SubElement(SubElement(words, "Option", type="Map"), "Option", name=each.title.zh, value=each.value, type="QString")
