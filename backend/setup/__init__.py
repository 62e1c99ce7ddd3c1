"""What `deja setup` puts outside the program, and takes back: standard library only, because it is
taken back even where the runtime environment is broken.
"""
