"""Pictures of `figures/systems`."""
