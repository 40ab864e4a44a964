"""TOML to typed settings.

``local`` reads the few sections a console needs, without pydantic, so that it can paint at
once; ``load`` validates the whole file and names every problem with file, line and key.
"""
