"""The audit of grids: whether they cover the ground of their villages once, and whether their register is right."""
