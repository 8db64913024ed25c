"""The project's own commands: set up, build the chapters, build the book, check everything."""
