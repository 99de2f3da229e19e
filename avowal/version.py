"""The release: here and not asked of the installed package, which takes importing to find."""

__version__ = "0.1.0"
