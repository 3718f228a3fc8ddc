"""The pages of the class, one module for each kind of visitor."""
