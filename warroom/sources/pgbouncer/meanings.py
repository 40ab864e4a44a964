"""What each figure of a ``pgbouncer`` source means, in a line."""

MEANINGS: dict[str, str] = {
    "clients_waiting": "that want a server connection and have none, in all pools",
    "longest_wait": "for how long the first in the queue of the worst pool has waited",
    "clients_active": "that have a server connection, or ask for nothing, in all pools",
    "clients": "connected to the pooler, ours too",
    "clients_used": "share of `max_client_conn` that is used",
    "servers_active": "server connections that serve a client",
    "servers_idle": "server connections ready for the next client",
    "servers_used": "of the fullest pool, the share of its size; or of the fullest database, "
    "of its `max_db_connections`",
    "paused": "that are paused or suspended",
    "up": "1 for a pooler that lets us in, 0 for one that answers and does not",
    "unanswered": "polls in a row that got no answer, once it has ever answered",
    "poll_time": "how long our own SHOW commands took",
}
