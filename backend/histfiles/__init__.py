"""History files of shells and other tools: found, read, and rid of secrets."""
