"""What `scripts/picture.py` is made of: an invented history, scenes, a terminal, the drawing."""
