"""The learner's scene: coloured shapes that are moved, painted, added and taken away, kept in the address; what the scene pages share."""
