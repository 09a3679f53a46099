"""Training from the app: the form, the queue as people see it, and who they are."""
