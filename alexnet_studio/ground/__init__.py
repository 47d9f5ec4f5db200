"""What all rooms stand on: errors, files, places, seeds, devices."""
