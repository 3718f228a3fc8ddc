"""The lab: one page for one person, on which numbers are changed and the answers follow."""
