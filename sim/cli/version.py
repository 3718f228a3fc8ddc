"""The version, written here and nowhere else: the build reads it from this file."""

VERSION = "0.2.0"
