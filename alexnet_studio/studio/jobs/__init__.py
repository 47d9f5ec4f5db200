"""The slow work behind the panels: generators, and the runner that gives them threads."""
