"""What follows from a package: rules compiled to arrays, pure and deterministic (model, sections 3 to 5)."""
