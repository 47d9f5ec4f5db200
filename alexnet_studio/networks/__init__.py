"""What a network is: its description, its arithmetic, and the module built from it."""
