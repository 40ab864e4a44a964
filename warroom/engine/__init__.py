"""The engine: polls the sources, keeps the board, serves the consoles. No screen in here.

``life`` runs it from the first breath to the last; ``engine`` puts the parts together;
``watch`` has a ``poller`` for each source; ``board`` judges what they see by ``levels``;
``server`` hands it to the consoles through the ``door``; ``desk`` does what they ask.
"""
