"""What each figure of a ``postgres`` source means, in a line."""

MEANINGS: dict[str, str] = {
    "connections_used": "share of the nearest ceiling that is used: of the server's "
    "`max_connections` less what is reserved, of the database, or of a role",
    "connections": "of clients to the whole server, ours too",
    "active": "at work on a query; ours are left out of this and the next ones",
    "idle": "waiting for their application",
    "idle_in_transaction": "idle, and with a transaction open",
    "idle_in_transaction_age": "for how long the longest of them has been so",
    "waiting": "waiting for a lock",
    "lock_wait": "for how long the longest of them has waited",
    "long_queries": "at work for longer than `long_query`",
    "longest_query": "for how long the longest query has been at work",
    "longest_transaction": "for how long the oldest transaction has been open",
    "commits": "of this database, since the poll before",
    "rollbacks": "of this database, since the poll before; our own are left out",
    "deadlocks": "found in this database, over the last minute",
    "temp_bytes": "written to temporary files: sorts and hashes that did not fit in memory",
    "cache_hit": "share of the blocks read since the poll before that were in shared buffers",
    "size": "of this database on disk",
    "growth": "what the size gains, over what is known of the last hour",
    "replicas": "that stream from this server",
    "replication_lag": "of the replica furthest behind; on a replica, its own",
    "replication_lag_bytes": "of WAL that the replica furthest behind has not replayed; on a "
    "replica, what it has received and not replayed",
    "slots_inactive": "replication slots that nobody reads",
    "slot_retained": "WAL kept for the slot that keeps most",
    "autovacuum_workers": "at work",
    "wraparound": "age of the oldest transaction id that is kept, as a share of those there are "
    "(2³¹); at 100 % the server stops writing",
    "primary": "1 where it takes writes, 0 for a replica",
    "statements": "calls, by `pg_stat_statements`",
    "statement_mean": "mean time of a call, by `pg_stat_statements`",
    "up": "1 for a server that lets us in, 0 for one that answers and does not",
    "unanswered": "polls in a row that got no answer, once it has ever answered",
    "poll_time": "how long our own queries took, those under `queries` left out",
    "<query>": "of one of `queries`: its one number, or how many rows it gave",
}
