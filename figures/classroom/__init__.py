"""Pictures of what a class said."""
