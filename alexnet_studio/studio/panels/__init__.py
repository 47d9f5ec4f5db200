"""The five panels and the first page; each shows a view and announces intents."""
