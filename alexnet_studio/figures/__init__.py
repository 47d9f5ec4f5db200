"""Publication pictures: plain arrays in, matplotlib figures out."""
