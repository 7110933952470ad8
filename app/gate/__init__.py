"""The page of the GIS staff, /data: files come in, are looked at, rehearsed, published, and taken back."""
