"""deja doctor: what is well, what is not, and what mends it; parts of it speak in deja status."""
