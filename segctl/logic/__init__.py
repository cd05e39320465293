"""What definitions mean: lower, normalise, fingerprint, describe, bind, interpret."""
