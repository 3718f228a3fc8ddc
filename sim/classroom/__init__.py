"""The game served to a class: pages, storage and live updates; the only import of FastAPI and its kin."""
