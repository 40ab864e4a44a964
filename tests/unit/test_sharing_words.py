"""What the words around a value tell of it, in notes, messages and lines of logs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.sharing.mask import Mask

TOLD = [
    # people
    ("user: alice cannot log in", "user: <user-1> cannot log in"),
    ("the user alice cannot log in", "the user <user-1> cannot log in"),
    ("user=alice", "user=<user-1>"),
    ("login as alice failed", "login as <user-1> failed"),
    ("logged in as bob.smith, twice", "logged in as <user-1>, twice"),
    ("connected as app_rw", "connected as <user-1>"),
    ("ssh -l bob", "ssh -l <user-1>"),
    ('role "app_rw" does not exist', 'role "<user-1>" does not exist'),
    ("role app_rw may not", "role <user-1> may not"),
    ("FATAL: no password for user bob", "FATAL: no password for user <user-1>"),
    ("no such user: Ana Smith.", "no such user: <user-1> <user-2>."),
    ("account svc-billing is locked", "account <user-1> is locked"),
    ("username kraken, owner: zoe", "username <user-1>, owner: <user-2>"),
    ("user bob is out; ask Bob's boss", "user <user-1> is out; ask <user-2>'s boss"),
    ("sudo -u deployer", "sudo -u <user-1>"),
    # secrets
    ("password is hunter", "password is <token-1>"),
    ("the password is now hunter2.", "the password is now <token-1>."),
    ("passwd: x", "passwd: <token-1>"),
    ("token is abc", "token is <token-1>"),
    ("secret: x", "secret: <token-1>"),
    ("api key x", "api key <token-1>"),
    ("API key: q1w2", "API key: <token-1>"),
    ("password 'let me in'", "password '<token-1>'"),
    ("use password hunter2!", "use password <token-1>!"),
    ("the passphrase was correcthorse", "the passphrase was <token-1>"),
    ("password for bob is s3cret", "password for bob is <token-1>"),
    ("the PIN is 4711", "the PIN is <token-1>"),
    ("curl -s -u alice:pw https://x", "curl -s -u <token-1> https://<host-1>"),
    ("curl --user 'alice:p w' -v", "curl --user <token-1> -v"),
    ("redis-cli -h db1 -a s3cret ping", "redis-cli -h <host-1> -a <token-1> ping"),
    ("mysql -u root -phunter2 shop", "mysql -u root -p<token-1> shop"),
    ("sshpass -p hunter2 ssh db1", "sshpass -p <token-1> ssh <host-1>"),
    # numbers to call
    ("call 030 1234567", "call <phone-1>"),
    ("he is at 030 1234567 now", "he is at <phone-1> now"),
    ("0170/5550199", "<phone-1>"),
    ("(555) 123-4567", "<phone-1>"),
    ("555-123-4567, or 1-800-555-0199", "<phone-1>, or <phone-2>"),
    ("(030) 1234567", "<phone-1>"),
    ("tel: 55501", "tel: <phone-1>"),
    ("Phone 5550 1234", "Phone <phone-1>"),
    ("call 5550 1234.", "call <phone-1>."),
    ("ext. 55501", "ext. <phone-1>"),
    # machines
    ("host db1", "host <host-1>"),
    ("on web-3 and web-4", "on <host-1> and <host-2>"),
    ("connections from app-1:5432", "connections from <host-1>:5432"),
    ("no answer from app-1:15432", "no answer from <host-1>:15432"),
    ("ssh db1", "ssh <host-1>"),
    ("ssh kraken, then look", "ssh <host-1>, then look"),
    ("stuck at redis-2:6379", "stuck at <host-1>:6379"),
    ("it is node3.", "it is <host-1>."),
    ("node pg-primary is full", "node <host-1> is full"),
    ("host kraken is down", "host <host-1> is down"),
    ("Host: kraken", "Host: <host-1>"),
    ("rebooted db1, db1 is slow", "rebooted <host-1>, <host-1> is slow"),
    ("db1 is down", "<host-1> is down"),
    ("failover from db1 to db2", "failover from <host-1> to <host-2>"),
    ("the server on web-3, the user on app-1", "the server on <host-1>, the user on <host-2>"),
    ("password token abc", "password token <token-1>"),
    ("login as ali…", "login as …"),
    # names with dots
    ("db.public.svc and public.example.com", "<host-1> and <host-2>"),
    ("public.local, public.io, public.de", "<host-1>, <host-2>, <host-3>"),
    ("redis.payments, shop.orders", "<host-1>, <host-2>"),
    ("table db1.example.com, index db1.payments", "table <host-1>, index <host-2>"),
    ('password is "hunter2', 'password is "<token-1>'),
]  # fmt: skip

SEEN = [
    # tables
    "public.orders is bloated, public.jobs is not",
    "vacuum of public.orders took 3 min",
    "pg_catalog.pgclass and information_schema.columns and dbo.orders",
    "relation shop.orders does not exist",
    "ANALYZE shop.orders",
    # people
    "the user is gone, a user cannot log in, users see errors",
    "user reports came in; user facing pages, user sessions, user agent",
    "the user table has 3 rows, user id 42",
    "user input, user error, each user gets one",
    "login failed, login page is slow, the login as such works",
    "role: primary, the role of the replica, role is standby",
    "runs as expected, connected as before, run as root",
    "account balance, account is locked",
    "user postgres, login as root, user: unknown",
    # secrets
    "password is wrong, the password was changed, password reset works",
    "the token is expired, token is not valid, token refresh, token bucket is empty",
    "secret: none, the secret is in the vault, secret store",
    "api key is missing, api key rotation, api keys",
    "password authentication failed; no password supplied",
    "password is 12 characters long, token 3 of 20",
    "pin the version, PIN is required",
    # figures
    "5432 connections, 30 of 120, 1 234 567 rows, 12 345 ms",
    "2026-03-04 at 14:07:10, 14:07, 030 ms, 0300, 03:00",
    "took 555 123 ms, 555-123, 100-200, 2026-11-27",
    "pid 1234567, xid 030123456, order 5551234567",
    "call 1000 times, call 911 bytes, calls 12345678, call at 14:07",
    "call 2026-03-04 10:00, phone is down",
    "port 5432, ports 8000-9000, code 500, exit 137",
    "EUR 1,234,567.89, 12.50 USD, 0.030 1234567",
    "offset 0/3000148, LSN 16/B374D848, 0x1234567",
    "INC-20261127-001, v1.2.3-4567, build 20260304.1",
    "rows 120 340 560, p50 12 p95 340 p99 1200",
    "(503) 12 times, (500) 1234 requests",
    "99.95 % of 1,234,567 in 30 d, 10-20 s, 1-2-3",
    # machines
    "on call, on Monday, from now, at once, to whom",
    "host is down, host name, host not found, the host has 4 cores",
    "no route to host, host unreachable, unknown host",
    "server closed the connection, server error, server side, server process",
    "node is not ready, node exporter, instance type, primary key",
    "ssh access, ssh into it, ssh is refused, ping is slow",
    "on p95, from v2 to v3, at step-2, on SEV2, on OPS-123",
    "over http2 to TLS1 on ipv6, from python3, to sha256, from utf8",
    "from a1b2c3d to deadbeef1, on us-east-1, on Nov-27",
    "on 3 nodes, from 5 to 10, at 100 %, on 2026",
    "p95 is down, v2 is up, that one restarted",
    "from src/app2/models, on app2.js, at orders.ts:31",
    "from the start, to be sure, via the proxy, between us",
    "server: nginx, host: none, host = down",
    "at least, at most, on the other hand, to do, from here",
    "on orders_2026, from jobs_2",
    "restart the workers, restart it, drain it, promote the replica",
]


@pytest.mark.parametrize(("text", "seen"), TOLD)
def test_the_words_around_a_value_give_it_away(text, seen):
    mask = Mask()
    assert mask.text(text) == seen
    assert mask.text(seen) == seen
    assert mask.real(seen.encode()).decode() == text or "…" in text


@pytest.mark.parametrize("text", SEEN)
def test_words_and_figures_that_are_nobodys_stay(text):
    assert Mask().text(text) == text


EVERYDAY = """
the of and to in a is that for it was on are as with they be at one have this from or had by but
some what there we can out other were all your when up use how said an each she which do their
time if will way about many then them would write like so these her long make thing see him two
has look more day could go come did no most people my over know than call first who may down side
been now find any new work part take get place made live where after back little only year came
show every good me give our under name very through just form much great think say help low line
before turn cause same mean differ move right old too does tell set want well also play small end
put home read hand port large add even here must big high such follow act why ask men change went
light kind off need house picture try us again animal point world near build self head stand own
page should country found answer school still learn plant cover food between state keep never last
let city cross since hard start might story far left late run don't while press close night real
life few user users host server node machine instance login account role password token secret key
primary replica connections queries errors slow failing database tables locks vacuum checkout
orders payments customers deploy rollback restarted reached timed missing refused unreachable
healthy stuck waiting
"""


@given(st.lists(st.sampled_from(EVERYDAY.split()), min_size=1, max_size=12))
def test_everyday_sentences_stay(words):
    text = " ".join(words)
    assert Mask().text(text) == text
    assert Mask().text(f"{text.capitalize()}.") == f"{text.capitalize()}."


PIECES = (
    "user|host|on|from|password|is|as|login|and|tel|table|db1|web-3|alice|app_rw|030 1234567|"
    "(555) 123-4567|public.orders|shop.orders|hunter2|db1:5432|down|token|for|=|the"
)
SPACES = st.sampled_from([" ", "  ", ", ", ": ", ". ", "; "])


@given(st.lists(st.tuples(st.sampled_from(PIECES.split("|")), SPACES), max_size=14))
def test_what_words_tell_is_masked_once_and_can_be_put_back(parts):
    text = "".join(map("".join, parts))
    mask = Mask()
    seen = mask.text(text)
    assert mask.text(seen) == seen
    assert mask.real(seen.encode()).decode() == text
