"""What a sync costs; bench.py calls it."""
