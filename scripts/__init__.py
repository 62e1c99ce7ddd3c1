"""What is run by hand or by the installer: export, evaluation, benchmarks."""
