"""What a person does with packs that stand: approve, verify, compare."""
