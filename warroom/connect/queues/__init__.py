"""How job queues lie in Redis, one module a layout: which keys, which commands read them.

Pure: a layout yields commands and is sent the replies. Whoever looks at queues or acts on them
takes the keys from here, and nowhere else.
"""
