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
os.environ["GDAL_SKIP"] = ",".join([*_OTHER_DRIVERS.split(), "MapInfo File"])
