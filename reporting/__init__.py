"""The weekly report: figures read, drawn and written as HTML, Markdown and JSON."""
