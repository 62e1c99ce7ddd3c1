"""What tests share that is no fixture: installs, shells on pseudo-terminals, stand-ins."""
