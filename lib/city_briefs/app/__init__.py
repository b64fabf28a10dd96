"""What stands above both columns: the command line and the use cases behind it."""
