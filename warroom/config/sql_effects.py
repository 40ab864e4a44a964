"""Functions of PostgreSQL that do something even in a transaction that can only read. Pure.

They end sessions, take locks that outlast the transaction, write files, go to other servers, or
change how the server runs. A role without those rights is what keeps a check from it; this is for
the query that was copied from a runbook. What a function of the team's own does is not known here.
"""

import re

_EFFECTS = (
    r"pg_(?:cancel|terminate)_backend",
    r"pg_(?:try_)?advisory_(?:lock|unlock)\w*",  # those of a transaction end with it
    r"pg_(?:reload_conf|rotate_logfile\w*|promote|log_backend_memory_contexts|prewarm)",
    r"pg_(?:switch_(?:wal|xlog)|create_restore_point|log_standby_snapshot)",
    r"pg_wal_replay_(?:pause|resume)",
    r"pg_(?:backup_)?(?:start|stop)(?:_backup)?",
    r"pg_stat_(?:statements_)?reset\w*",
    r"pg_(?:restore|clear)_\w+_stats",
    r"pg_(?:create|copy|drop)_(?:physical|logical)_replication_slot|pg_drop_replication_slot",
    r"pg_replication_(?:slot_advance|origin_\w+)|pg_sync_replication_slots",
    r"pg_logical_(?:slot_get\w*|emit_message)",
    r"pg_(?:file_(?:write|rename|unlink|sync)|import_system_collations)",
    r"lo_(?:import|export|create?|unlink|put|from_bytea|truncate\w*)|lowrite",
    r"dblink\w*",
    r"gin_clean_pending_list|brin_(?:de)?summarize\w*",
    r"set_config",
)
# Possessive: in one pass, whatever stands there.
_GAP = r"(?:\s|/\*(?:[^*]|\*(?!/))*+\*/|--[^\n]*+\n)*+"
_CALL = re.compile(rf'(?<![\w$])({"|".join(_EFFECTS)})"?{_GAP}\(', re.IGNORECASE)


def effect(query: str) -> str:
    """The first function it calls that does more than read; empty if none that is known."""
    found = _CALL.search(query)
    return found[1].lower() if found else ""
