"""What is held in memory of the store: commands by row, what is needed of them, what was picked."""
