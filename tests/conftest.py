"""What every test promises: no thread, window or timer left behind, no warning, no network."""
