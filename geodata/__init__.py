"""The ground: the PostGIS store and every question asked of space."""
