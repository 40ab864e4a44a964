"""A source and a panel for warroom: did the nightly job run, and what did it say?"""
