"""The parts of loaders.py, one file each: the contenders of a piece of work, and their bars."""
