"""deja mcp: the history for coding agents, read-only, by the Model Context Protocol."""
