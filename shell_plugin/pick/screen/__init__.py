"""What is seen and typed: the terminal, the keys, the line of the query, the picture."""
