"""One round of sync: what others wrote is read, what is new here is written, files are kept few."""
