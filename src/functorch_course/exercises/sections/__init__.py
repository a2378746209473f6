"""The exercises, a file for each section of the course.

A new one needs rows of its section, a task with one example, names of its lesson or earlier ones,
three hints, and checks. In ``tests/exercise_answers/`` stand a right answer to it, and five wrong
ones or more; each check must find out one of them.
"""
