"""The exercises, a file for each section of the course."""
