"""In which worlds an outcome is frequent: scenario discovery with PRIM."""
