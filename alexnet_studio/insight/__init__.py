"""What a network has learned: kernels, features, neighbours, predictions."""
