"""deja's daemon: store, embedder, search and the socket that shells talk to."""

__version__ = "0.1.0"
