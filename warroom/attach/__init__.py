"""The way from a person's process to the engine: where it is, whether it runs, what to say.

Imported by the console before it paints, so nothing slow and no driver comes in here.
"""
