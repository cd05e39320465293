"""What plain SQL does not say."""

from __future__ import annotations


class Uncovered(Exception):
    """A form that is not compiled to SQL."""
