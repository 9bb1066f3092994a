"""The command line: `main` lists every verb."""
