"""The brief: one page of paper about a unit, and the same in spoken words. Worked out by rules; no model writes it."""
