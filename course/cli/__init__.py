"""The command line of the course; `main` lists every verb."""
