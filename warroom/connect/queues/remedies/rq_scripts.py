"""The scripts by which RQ's jobs go back to their queue. Each checks before it writes."""

AGAIN = """
local function again(job, queue, queues, dependents, dependencies, id, at, none)
    redis.call('HSET', job, 'status', 'queued', 'enqueued_at', at, 'started_at', '',
        'ended_at', '', 'exc_info', none)
    local ttl = tonumber(redis.call('HGET', job, 'ttl') or '0')
    if ttl and ttl > 0 then
        for _, key in ipairs({job, dependents, dependencies}) do
            redis.call('EXPIRE', key, ttl)
        end
    end
    redis.call('SADD', queues, queue)
    redis.call('RPUSH', queue, id)
end
redis.call('LLEN', KEYS[3])
redis.call('SCARD', KEYS[4])
"""
"""What ``_enqueue_async_job`` and ``requeue`` leave of a job. The lengths are asked to fail on a
key of another type before anything is written."""

FAILED = (
    AGAIN
    + """
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not score then return 0 end
if score ~= ARGV[4] then return -1 end
local seen = redis.call('HMGET', KEYS[2], 'status', 'ended_at', 'rate_limit_key')
if seen[1] ~= 'failed' or (seen[2] or '') ~= ARGV[5] then return -1 end
if (seen[3] or '') ~= '' then return -2 end
redis.call('ZREM', KEYS[1], ARGV[1])
again(KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], ARGV[1], ARGV[2], ARGV[3])
return 1
"""
)
STUCK = (
    AGAIN
    + """
local score = redis.call('ZSCORE', KEYS[1], ARGV[4])
if not score then return 0 end
if score ~= ARGV[5] then return -3 end
if redis.call('HGET', KEYS[2], 'status') ~= 'started' then return -1 end
local mine = redis.call('ZSCORE', KEYS[7], ARGV[6]) and 1 or 0
if redis.call('ZCARD', KEYS[7]) > mine then return -4 end
redis.call('ZREM', KEYS[1], ARGV[4])
redis.call('ZREM', KEYS[7], ARGV[6])
redis.call('DEL', KEYS[8])
redis.call('SREM', KEYS[9], ARGV[4])
redis.call('HSET', KEYS[2], 'worker_name', '', 'last_heartbeat', '')
again(KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], ARGV[1], ARGV[2], ARGV[3])
return 1
"""
)
