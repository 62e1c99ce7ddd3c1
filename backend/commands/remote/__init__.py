"""deja ssh: a shell on a machine without deja, whose commands are history here."""
