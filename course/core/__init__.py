"""What every room of the course needs: folders, errors, a cache, and the notebooks as text."""
