"""The commands, one module each; nothing else parses arguments."""
