"""What a person wants done, panel by panel: each starts or cancels jobs and is told of their events."""
