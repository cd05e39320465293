"""Examples at the edges of a definition, and small changes of it: what `segctl test` writes and tries. Pure."""
