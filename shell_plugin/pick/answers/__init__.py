"""Where rows come from: the daemon, or the disk when the daemon does not answer in time."""
