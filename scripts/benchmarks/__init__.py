"""The parts of bench.py: model, search, shells, and the synthetic history."""
