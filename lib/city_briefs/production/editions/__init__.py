"""What a pack says of itself: manifest, signature, register."""
