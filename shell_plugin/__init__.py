"""What runs in the user's shell: the hooks, the key, and the picker that it opens."""
