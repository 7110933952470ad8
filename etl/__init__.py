"""From a file to a table: read, correct, clean, check, place, publish, measure; the pipeline alone knows them all."""

from __future__ import annotations

import os

# GDAL chooses its driver by content: a file called .geojson may be a VRT that reads other files of this machine or asks
# other hosts; LIBKML fetches what a style points to. Only the drivers that the readers need stay; it must be said
# before pyogrio is imported.
_OTHER_DRIVERS = (
    "ADBC AIVector AVCBin AVCE00 AmigoCloud CSV CSW Carto DGN EDIGEO EEDA ESRIJSON Elasticsearch GDALG "
    "GML GPSBabel GPX GTFS GeoJSONSeq GeoRSS HTTP Idrisi JML JSONFG KML LIBKML LVBAG MBTiles MVT MapML "
    "MiraMonVector NGW OAPIF ODS OGCAPI OGR_GMT OGR_PDS OGR_VRT OSM PCIDSK PDF PDS4 PGDUMP PLSCENES "
    "PMTiles S57 SQLite SXF Selafin TopoJSON VDV VFK VICAR WAsP WFS XLSX"
)
# A GeoJSON may name its CRS by a link, which GDAL fetches; there is no switch, so all it asks for goes to a port that
# cannot exist, also where the environment says that some hosts need no proxy.
os.environ["GDAL_HTTP_PROXY"] = "http://127.0.0.1:0"
os.environ.pop("no_proxy", None)
os.environ.pop("NO_PROXY", None)
os.environ["GDAL_SKIP"] = ",".join([*_OTHER_DRIVERS.split(), "MapInfo File"])
