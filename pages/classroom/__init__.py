"""The page of the class: the door, the board for the front of the room, what a learner is shown of their own."""
