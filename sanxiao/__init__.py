"""三小: one file for every small food business of a town, from the first count to the last look back."""

__version__ = "0.1.0"
