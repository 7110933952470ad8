"""Speed, measured: one module a benchmark, each printing figures and the ratios to its limit or peer."""
