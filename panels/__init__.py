"""The built-in panels, one module each; they come in by the entry-point group
``warroom.panels``, as a stranger's would."""
