"""The pages of a class: one module for each kind of visitor, and one for the debrief."""
