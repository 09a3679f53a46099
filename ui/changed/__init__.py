"""What the pages of the lab share that compare the model as it is with a changed one: what comes out, and how it is told."""
