"""What a network learns from: folders, decoding, splits, the store, batches."""
