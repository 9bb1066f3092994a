"""What every other room of the course uses: folders, errors, a cache, notebooks as MyST text."""
