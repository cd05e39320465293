"""What the user wrote, as frozen models; the JSON Schemas come from here."""
