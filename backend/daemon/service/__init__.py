"""The daemon as a service of the system, for those who want it so: systemd's, or launchd's."""
