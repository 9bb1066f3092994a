"""The public instruments, one module each."""
