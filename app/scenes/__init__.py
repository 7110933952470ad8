"""Scenes: what a wall shows one after the other, by itself."""
