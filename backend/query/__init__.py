"""What a line that was typed asks for: words, names, filters, how literal it is."""
