"""The commands: parse, call a room, print."""
