"""What is recorded, and when: handed over on stdin; paused."""
