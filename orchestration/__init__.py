"""The weekly run: its steps in order, the report, the notification."""
