"""What instructors hand out: a zip for students, an assignment for another course, a release."""
