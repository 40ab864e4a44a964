"""The console's output: what the terminal was sent, what is still on its way to it, and how much.

Textual draws into a picture; of that, what differs from what the terminal was sent goes out, as
much at a time as the terminal has been seen to take. Old frames are never queued.
"""
