"""YAML files read and put together as plain data, each value with its file and line; the only import of YAML."""
