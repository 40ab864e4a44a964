"""What a person looks at: the only Textual in warroom.

The console attaches to an engine and holds no state that matters. It imports the wire
types and no driver; panels come in by the entry-point group ``warroom.panels``.
"""
