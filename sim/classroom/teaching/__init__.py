"""What a teacher's pages need besides the talks: seating, live numbers, templates of classes, files for grading."""
