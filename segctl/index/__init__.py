"""The columnar layout on disk that makes evaluation fast."""
