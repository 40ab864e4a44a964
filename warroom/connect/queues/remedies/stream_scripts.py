"""The scripts for streams. Each checks before it writes."""

AGAIN = """
local key, group, id = KEYS[1], ARGV[1], ARGV[2]
local held = redis.call('XPENDING', key, group, 'IDLE', ARGV[4], id, id, 1)
if #held == 0 then return 0 end
if held[1][2] ~= ARGV[3] or tostring(held[1][4]) ~= ARGV[5] then return -1 end
if #redis.call('XINFO', 'GROUPS', key) ~= 1 then return -3 end
local entry = redis.call('XRANGE', key, id, id)
if #entry == 0 then return -2 end
local fields = entry[1][2]
if #fields > 4000 then return -4 end
redis.call('XADD', key, '*', unpack(fields))
redis.call('XACK', key, group, id)
return 1
"""

ORDER = """
local function less(a, b)
    local a1, a2 = string.match(a, '^(%d+)-(%d+)$')
    local b1, b2 = string.match(b, '^(%d+)-(%d+)$')
    if a1 ~= b1 then return #a1 < #b1 or (#a1 == #b1 and a1 < b1) end
    return #a2 < #b2 or (#a2 == #b2 and a2 < b2)
end
local function last(key, group)
    for _, one in ipairs(redis.call('XINFO', 'GROUPS', key)) do
        local told = {}
        for i = 1, #one, 2 do told[one[i]] = one[i + 1] end
        if told['name'] == group then return told['last-delivered-id'] end
    end
end
local function between(key, from, to, most)
    local many = 0
    while many < most do
        local some = redis.call('XRANGE', key, '(' .. from, to, 'COUNT', 500)
        many = many + #some
        if #some < 500 then break end
        from = some[#some][1]
    end
    return many
end
"""
"""Ids in their order, which numbers are too great for; where a group is; how many entries are
after one id and up to another, as far as is bearable."""

COUNT = ORDER + "return between(KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3]))"

SKIP = (
    ORDER
    + """
local key, aside, runs = KEYS[1], KEYS[2], KEYS[3]
local group, to, read, kept, run, now = unpack(ARGV)
if redis.call('EXISTS', aside) == 1 then return {-2, 0} end
local from = last(key, group)
if not from or not less(from, to) then return {0, 0} end
local many = between(key, from, to, tonumber(ARGV[7]))
redis.call('ZREMRANGEBYSCORE', runs, '-inf', tonumber(now) - tonumber(kept) / 1000)
redis.call('ZADD', runs, now, run)
redis.call('PEXPIRE', runs, kept)
local before = read == '' and '-' or string.format('%.0f', tonumber(read) - many)
redis.call('SET', aside, table.concat({from, to, many, before}, ' '), 'PX', kept)
if read == '' then
    redis.call('XGROUP', 'SETID', key, group, to)
else
    redis.call('XGROUP', 'SETID', key, group, to, 'ENTRIESREAD', read)
end
return {1, many}
"""
)
REWIND = (
    ORDER
    + """
local key, aside, runs = KEYS[1], KEYS[2], KEYS[3]
local kept = redis.call('GET', aside)
if not kept or kept ~= ARGV[2] then return {0, 0} end
local from, to, many, before = string.match(kept, '^(%S+) (%S+) (%d+) (%S+)$')
if last(key, ARGV[1]) ~= to then return {-1, 0} end
if before == '-' then
    redis.call('XGROUP', 'SETID', key, ARGV[1], from)
else
    redis.call('XGROUP', 'SETID', key, ARGV[1], from, 'ENTRIESREAD', before)
end
redis.call('DEL', aside)
redis.call('ZREM', runs, ARGV[3])
return {1, tonumber(many)}
"""
)
