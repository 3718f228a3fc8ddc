"""Figures: those of reports by Matplotlib, which only this package imports, and those of web pages as handmade SVG.

Matplotlib comes with the extra `report`. The functions draw what they are given and compute nothing. Docstrings say
which artists hold which numbers, so that a test can read them back.
"""
