"""The scripts by which a queue is put aside and comes back. Each checks before it writes."""

FLUSH = """
local n = (#KEYS - 1) / 2
local most, kept, run, now, held = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local total = 0
for i = 1, n do
    local till = ARGV[5 + i]
    if redis.call('EXISTS', KEYS[n + i]) == 1 then return {-2, 0} end
    if till == '' then
        total = total + redis.call('LLEN', KEYS[i])
    else
        total = total + redis.call('ZCOUNT', KEYS[i], '-inf', till)
    end
end
if total == 0 then return {0, 0} end
if total > most then return {-1, total} end
local function give_back(from, to)
    local stay, at = {}, 0
    while true do
        local some = redis.call('ZRANGE', from, at, at + 999, 'WITHSCORES')
        if #some == 0 then break end
        for j = 1, #some, 2 do
            if redis.call('EXISTS', held .. some[j]) == 1 then
                redis.call('ZADD', to, some[j + 1], some[j])
                stay[#stay + 1] = some[j]
            end
        end
        at = at + 1000
    end
    for _, member in ipairs(stay) do redis.call('ZREM', from, member) end
    return #stay
end
for i = 1, n do
    local till, away = ARGV[5 + i], KEYS[n + i]
    if redis.call('EXISTS', KEYS[i]) == 1 then
        if till == '' or till == '+inf' then
            redis.call('RENAME', KEYS[i], away)
        else
            redis.call('ZRANGESTORE', away, KEYS[i], '-inf', till, 'BYSCORE')
            redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', till)
        end
        if held ~= '' then total = total - give_back(away, KEYS[i]) end
        redis.call('PEXPIRE', away, kept)
    end
end
if total == 0 then return {0, 0} end
redis.call('ZREMRANGEBYSCORE', KEYS[#KEYS], '-inf', tonumber(now) - tonumber(kept) / 1000)
redis.call('ZADD', KEYS[#KEYS], now, run)
redis.call('PEXPIRE', KEYS[#KEYS], kept)
return {1, total}
"""
"""Keys: the queue's, where they go, and the list of runs. Replies 1 and how many went, or 0 for
none there, -1 and how many there are for too many, -2 for a run that was already. What is in
hand, by a key that begins with ``held``, is given back."""

BACK = """
local n = #ARGV - 2
local back, came = 0, 0
for i = 1, n do
    local way, away = ARGV[2 + i], KEYS[n + i]
    if way == 'zset' then
        back = back + redis.call('ZCARD', away)
    else
        local aside = redis.call('LLEN', away)
        back = back + aside
        if aside > 0 then came = came + redis.call('LLEN', KEYS[i]) end
    end
end
if back == 0 then return {0, 0} end
if came > tonumber(ARGV[2]) then return {-1, came} end
for i = 1, n do
    local way, away = ARGV[2 + i], KEYS[n + i]
    if redis.call('EXISTS', away) == 1 then
        if way == 'zset' then
            redis.call('ZUNIONSTORE', KEYS[i], 2, KEYS[i], away, 'AGGREGATE', 'MIN')
            redis.call('UNLINK', away)
        else
            for _ = 1, redis.call('LLEN', KEYS[i]) do
                if way == 'right' then
                    redis.call('LMOVE', KEYS[i], away, 'RIGHT', 'LEFT')
                else
                    redis.call('LMOVE', KEYS[i], away, 'LEFT', 'RIGHT')
                end
            end
            redis.call('PERSIST', away)
            redis.call('RENAME', away, KEYS[i])
        end
    end
end
redis.call('ZREM', KEYS[2 * n + 1], ARGV[1])
--WAKE
return {1, back}
"""
"""What came since goes behind what was put aside, which then gets the queue's name again: so
the work is for what came since, which is mostly little. Replies as ``FLUSH``."""

WAKE = """
local set = redis.call('HMGET', KEYS[2 * n + 3], 'paused', 'concurrency')
local full = set[2] and redis.call('LLEN', KEYS[2 * n + 4]) >= tonumber(set[2])
if not set[1] and not full then redis.call('ZADD', KEYS[2 * n + 2], 0, '0') end
"""
"""What wakes BullMQ's workers (``addBaseMarkerIfNeeded`` of its scripts)."""
