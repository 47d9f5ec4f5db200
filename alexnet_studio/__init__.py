"""AlexNet Studio: a desktop laboratory for the AlexNet family."""
