"""nbgrader's course directory and database: read, written in one transaction, results kept."""
