"""What the window knows. One object, `window.State`, owned and written by the controller alone, read by `showing`."""
