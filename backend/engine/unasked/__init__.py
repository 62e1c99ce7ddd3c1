"""What is offered unasked: on an empty line, as what comes next, after a failure."""
