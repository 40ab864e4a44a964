"""The scripts by which BullMQ's jobs go back to wait, after those of its own.

From ``reprocessJob-9.lua``, ``moveStalledJobsToWait-9.lua`` and what these include, of BullMQ
3.4.4 for Python (Node's 5 has the same). Keys are, in both: the job's, where it is, ``wait``,
``prioritized``, ``pc``, ``meta``, ``active``, ``marker``, ``events``. Each checks before it writes.
"""

COMMON = """
local function told(event, ...)
    local most = redis.call('HGET', KEYS[6], 'opts.maxLenEvents') or '10000'
    redis.call('XADD', KEYS[9], 'MAXLEN', '~', most, '*', 'event', event, 'jobId', ARGV[1], ...)
end
local function wake()
    local most = redis.call('HGET', KEYS[6], 'concurrency')
    if most and redis.call('LLEN', KEYS[7]) >= tonumber(most) then return end
    redis.call('ZADD', KEYS[8], 0, '0')
end
if redis.call('HEXISTS', KEYS[6], 'paused') == 1 then return -2 end
if redis.call('EXISTS', KEYS[1]) == 0 then return -3 end
redis.call('LLEN', KEYS[3])
redis.call('ZCARD', KEYS[4])
redis.call('ZCARD', KEYS[8])
redis.call('XLEN', KEYS[9])
"""
"""The lengths are asked to fail on a key of another type before anything is written."""

FAILED = (
    COMMON
    + """
local score = redis.call('ZSCORE', KEYS[2], ARGV[1])
if not score then return 0 end
if score ~= ARGV[2] then return -1 end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[1], 'finishedOn', 'processedOn', 'failedReason')
local seen = redis.call('HMGET', KEYS[1], 'priority', 'opts', 'parentKey')
local priority = tonumber(seen[1] or '0') or 0
if priority == 0 then
    local good, opts = pcall(cjson.decode, seen[2] or '{}')
    local last = good and type(opts) == 'table' and opts.lifo == true
    redis.call(last and 'RPUSH' or 'LPUSH', KEYS[3], ARGV[1])
else
    local turn = redis.call('INCR', KEYS[5]) % 0x100000000
    redis.call('ZADD', KEYS[4], priority * 0x100000000 + turn, ARGV[1])
end
wake()
local parent = seen[3]
if parent and redis.call('EXISTS', parent) == 1 then
    local was = redis.call('ZREM', parent .. ':unsuccessful', KEYS[1])
    if was == 0 then was = redis.call('HDEL', parent .. ':failed', KEYS[1]) end
    if was == 1 then redis.call('SADD', parent .. ':dependencies', KEYS[1]) end
end
told('waiting', 'prev', 'failed')
return 1
"""
)
STUCK = (
    COMMON
    + """
if redis.call('EXISTS', KEYS[1] .. ':lock') == 1 then return -4 end
if (redis.call('HGET', KEYS[1], 'processedOn') or '') ~= ARGV[2] then return -1 end
if redis.call('LREM', KEYS[7], 1, ARGV[1]) == 0 then return 0 end
redis.call('SREM', KEYS[2], ARGV[1])
redis.call('HINCRBY', KEYS[1], 'stc', 1)
redis.call('RPUSH', KEYS[3], ARGV[1])
wake()
told('waiting', 'prev', 'active')
told('stalled')
return 1
"""
)
"""But that a job which has stalled too often is not made to fail: somebody wants it back."""
