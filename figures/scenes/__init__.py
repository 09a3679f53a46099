"""Pictures of scenes: what lies over them, and what they are cut into."""
