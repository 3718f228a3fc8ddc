"""Figures by Matplotlib: from plain data to a drawing, and from a drawing to SVG; the only import of Matplotlib.

Matplotlib comes with the extra `report`. Every function here draws what it is given and computes nothing; its module
says which artists hold which numbers, so that a test can read them back.
"""
