"""What can be done about a queue that is stuck, too long, or full of failures.

``remedy.py`` is the door. A remedy is surveyed first, and then does what the survey named and
no more: each job moves in one script, which whoever removes it wins, so that none is lost nor
doubled by a worker that takes it at the same moment.
"""
