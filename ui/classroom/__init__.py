"""A class on every page: who stands before the screen, the bar of the room, the question before the class."""
