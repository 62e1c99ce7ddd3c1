"""What ran together: the episodes that a query describes, and the commands of one of them."""
