"""The faults the demo knows. A new one is a module here and a name in `KNOWN`."""

from warroom.demo.faults.bad_deploy import BadDeploy
from warroom.demo.faults.certificate import Certificate
from warroom.demo.faults.cut_off import CutOff
from warroom.demo.faults.error_rate import ErrorRate
from warroom.demo.faults.fault import Fault
from warroom.demo.faults.intruder import Intruder
from warroom.demo.faults.mail import Mail
from warroom.demo.faults.memory import Memory
from warroom.demo.faults.outage import Outage
from warroom.demo.faults.pool_exhausted import PoolExhausted
from warroom.demo.faults.queue_backlog import QueueBacklog
from warroom.demo.faults.rate_limit import RateLimited
from warroom.demo.faults.redis_down import RedisDown
from warroom.demo.faults.slow import Slow
from warroom.demo.faults.slow_database import SlowDatabase
from warroom.demo.faults.stale_name import StaleName
from warroom.demo.faults.webhook import Webhook

KNOWN: tuple[type[Fault], ...] = (
    Outage,
    ErrorRate,
    Slow,
    Memory,
    SlowDatabase,
    PoolExhausted,
    QueueBacklog,
    RedisDown,
    BadDeploy,
    RateLimited,
    Webhook,
    Mail,
    Certificate,
    StaleName,
    Intruder,
    CutOff,
)
