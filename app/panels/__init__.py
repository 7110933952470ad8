"""The panels around the map: each a pure function from an outlook to components, called like its file."""
