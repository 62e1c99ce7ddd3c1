"""deja config: every setting, told, set and edited."""
