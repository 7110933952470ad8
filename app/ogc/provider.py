"""The provider that pygeoapi asks for features: reads through the door, with the scope of the request that is answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from pygeoapi.provider.base import BaseProvider, ProviderInvalidQueryError, ProviderItemNotFoundError

from app.kept import Kept
from geodata import features, tiles
from geodata.door import Door, Reader, Scope
from geodata.features import Asked, Feature
from geodata.published import Collection, collection
from layers._field import Field, Kind

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"

FORMS = {CRS84: "lonlat", EPSG + "4490": "latlon", EPSG + "4326": "latlon", EPSG + "3857": "mercator"}
"""How shapes are written in each CRS that is offered; EPSG's degrees have the latitude first (Part 2, requirement 8)."""

_SCHEMAS: dict[Kind, dict[str, str]] = {
    Kind.INTEGER: {"type": "integer"}, Kind.NUMBER: {"type": "number"}, Kind.FLAG: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """Who is answered.

    Parameters
    ----------
    door : Door
    scope : Scope
    lang : {'zh', 'en'}
        Of titles.
    """

    door: Door
    scope: Scope = field(default_factory=Scope)
    lang: Literal["zh", "en"] = "zh"


_READING: ContextVar[Reading] = ContextVar("reading")
_COUNTS = Kept(20_000)


@contextmanager
def reading(who: Reading) -> Iterator[None]:
    """Let providers that are made inside read for someone."""
    token = _READING.set(who)
    try:
        yield
    finally:
        _READING.reset(token)


class Published(BaseProvider):
    """One collection; pygeoapi makes one for each request, out of its configuration ("data" names the collection)."""

    def __init__(self, provider_def: dict[str, Any]) -> None:
        super().__init__(provider_def)
        self._who = _READING.get()
        self._collection: Collection = collection(self.data)
        self.properties = list(self._collection.picked_by)
        self._fields: dict[str, dict[str, Any]] = {}
        self.get_fields()

    def get_fields(self) -> dict[str, dict[str, Any]]:
        """Schema of each field, with its title in the reader's language."""
        if not self._fields:
            self._fields = {each.name: self._schema(each) for each in self._collection.fields}
        return self._fields

    def _schema(self, each: Field) -> dict[str, Any]:
        title = getattr(each.title, self._who.lang)
        made = {"title": f"{title} ({each.unit})" if each.unit and each.unit != "1" else title, **_SCHEMAS.get(each.kind, {"type": "string"})}
        return made | ({"enum": [choice.value for choice in each.choices]} if each.choices else {})

    def query(self, offset: int = 0, limit: int = 10, resulttype: str = "results", **asked: Any) -> dict[str, Any]:
        """A page of features; pygeoapi has checked numbers and names.

        Raises
        ------
        ProviderInvalidQueryError
            A value or a day that is none.
        StoreError
            As `Door.ask`.
        """
        meant = self._meant(asked)
        page = replace(meant, offset=offset, limit=limit, form=self._form(asked))

        def question(reader: Reader) -> tuple[int, list[Feature]]:
            """How many features are meant, and those of the page."""
            found = [] if resulttype == "hits" else features.find(reader, self._collection, page)
            return self._count(reader, meant), found

        matched, found = self._who.door.ask(question, self._who.scope)
        chosen = asked.get("select_properties") or []
        told = [self._feature(each, chosen) for each in found]
        return {"type": "FeatureCollection", "features": told, "numberMatched": matched, "numberReturned": len(told)}

    def _count(self, reader: Reader, meant: Asked) -> int:
        versions = tiles.versions(reader)
        names = (self._collection.name,) if self._collection.theme else ("ladder",)
        key = (reader.place, reader.scope, self._collection.name, meant, *(versions.get(each, 0) for each in names))
        return _COUNTS.get(key, lambda: features.count(reader, self._collection, meant))

    def get(self, identifier: str, **asked: Any) -> dict[str, Any]:
        """The feature of a key.

        Raises
        ------
        ProviderItemNotFoundError
            There is none, or it lies outside the reader's area.
        """
        wanted = Asked(equal=((self._collection.key, str(identifier)),), form=self._form(asked), limit=1)
        found = self._who.door.ask(lambda reader: features.find(reader, self._collection, wanted), self._who.scope)
        if not found:
            raise ProviderItemNotFoundError(f"item {str(identifier)[:60]} not found")
        return self._feature(found[0], [])

    def _form(self, asked: dict[str, Any]) -> str:
        if asked.get("skip_geometry"):
            return "none"
        wanted = asked.get("crs_transform_spec")
        return FORMS[wanted.target_crs_uri] if wanted else "lonlat"

    def _feature(self, found: Feature, chosen: list[str]) -> dict[str, Any]:
        kinds = {each.name: each.kind for each in self._collection.fields}
        told = {name: features.told(value, kinds[name]) for name, value in found.values.items() if not chosen or name in chosen}
        shape = json.loads(found.shape) if found.shape else None
        return {"type": "Feature", "id": found.values[self._collection.key], "properties": told, "geometry": shape}

    def _meant(self, asked: dict[str, Any]) -> Asked:
        box = asked.get("bbox") or None
        if box and len(box) == 6:
            box = [box[0], box[1], box[3], box[4]]
        return Asked(
            box=tuple(box) if box else None,
            days=days(asked["datetime_"]) if asked.get("datetime_") else None,
            equal=tuple((name, _value(self._collection.field(name), text)) for name, text in asked.get("properties") or []),
            sort=tuple((each["property"], each["order"] == "+") for each in asked.get("sortby") or []),
        )


def days(said: str) -> tuple[date | None, date | None]:
    """First and last day of an OGC datetime: a moment, or two with a slash between, ".." for an open end.

    Raises
    ------
    ProviderInvalidQueryError
        One of them is no day.
    """
    begin, slash, end = said.partition("/")
    return (_day(begin), _day(end)) if slash else (_day(begin), _day(begin))


def _day(said: str) -> date | None:
    if said in ("", ".."):
        return None
    try:
        return datetime.fromisoformat(said).date()
    except ValueError:
        raise _refused(f"datetime {said[:40]} is no day; write 2026-01-31") from None


def _value(field: Field, said: str) -> Any:
    """What a field is asked to equal, as the store holds it."""
    try:
        if field.kind is Kind.FLAG:
            return {"true": True, "false": False}[said.lower()]
        if field.kind is Kind.CHOICE:
            return field.choice(said).value
        if field.kind is Kind.DATE:
            return date.fromisoformat(said)
        return {Kind.INTEGER: int, Kind.NUMBER: float}.get(field.kind, str)(said)
    except (ValueError, KeyError):
        legal = ", ".join(choice.value for choice in field.choices) or field.kind.value
        raise _refused(f"{field.name} {said[:40]} is no value of this field; use {legal}") from None


def _refused(sentence: str) -> ProviderInvalidQueryError:
    return ProviderInvalidQueryError(sentence, user_msg=sentence)
