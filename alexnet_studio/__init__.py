"""AlexNet Studio: a desktop laboratory for the AlexNet family."""

__version__ = "0.1.0"
