"""What a training leaves behind: the run folder and the rows of its history."""
