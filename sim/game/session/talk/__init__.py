"""What people say at a table: statements, suggestions and their support, headlines, private messages."""
