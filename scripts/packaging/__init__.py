"""What packages deja: the wheel, and the files for containers and package managers."""
