"""The two pages, desk and wall: one shell, filled differently."""
