"""One number, said or refused."""
