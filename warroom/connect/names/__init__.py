"""Asking one named resolver: the message (``message.py``) and its way there and back."""
