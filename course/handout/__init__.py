"""What an instructor hands out: the students' zip, an assignment for another course, a release."""
