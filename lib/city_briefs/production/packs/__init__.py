"""What is to be made: packs, plans, the rules of chapters, which notebooks may run."""
