"""From chapters to delivered packs."""
