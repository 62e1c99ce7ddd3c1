"""What is left of a store that was damaged or lost, read and put together again."""
