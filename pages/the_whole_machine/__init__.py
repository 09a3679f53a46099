"""What only the page of the whole machine (`pages/5_the_whole_machine.py`) shows."""
