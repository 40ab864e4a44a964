"""The hosting platform's command line: what an operator may do to the shop's parts.

    python -P -m warroom.demo.platform --at CONTROL-SOCKET VERB …

Status 0 and one line of what was done; 1 and the reason when it was refused or failed; 2 for
wrong usage. `releases` prints a line for each, as JSON.

    fault            mended by
    outage           restart postgres
    redis-down       restart redis
    queue-backlog    scale worker 4 · restart worker
    bad-deploy       rollback (PUT /admin/flags/recommendations for its slowness alone)
    slow             restart warehouse · PUT /admin/flags/stock off
    memory           PUT /admin/blocked-agents/picture-crawler, or /admin/flags/pictures off,
                     then restart web
    pool-exhausted   PUT /admin/flags/export off
    rate-limit       PUT /admin/blocked-agents/price-robot: it has the customers' address; or
                     PUT /admin/rate-limit on, 900 per client
    intruder         PUT /admin/blocked/127.0.0.66
    slow-database    as `operator` in PostgreSQL: pg_terminate_backend of `price-import`
    error-rate       as `operator` in PostgreSQL: UPDATE products SET cents = cents - 2000000000
                     WHERE cents > 2000000000; then as `operator` in Redis: UNLINK cache:prices
    webhook          renew webhook-secret
    mail             renew mail-password
    certificate      renew certificate
    stale-name       restore dns
    cut-off          nothing here: it is the watcher that is cut off, not the shop

The routes under /admin/ are the web app's: see `warroom.demo.shop.admin`.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from warroom.demo import control
from warroom.demo.errors import DemoError

RESTARTED = ("web", "worker", "redis", "postgres", "warehouse", "mail")
RENEWED = ("certificate", "webhook-secret", "mail-password")


def main(arguments: Sequence[str] | None = None) -> int:
    """Have the platform do what the command line says; the status to exit with."""
    wish = _parser().parse_args(arguments)
    verb = f"{wish.verb} {wish.what}" if "what" in wish else wish.verb
    given = [] if getattr(wish, "value", None) is None else [str(wish.value)]
    try:
        done = control.operate(wish.at, verb, given)
    except DemoError as error:
        words = f"{error}; {error.hint}" if error.hint else str(error)
        sys.stderr.write(f"{words}\n")
        return 1
    sys.stdout.write(f"{done}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="platform", description="Operate the demo's shop.")
    parser.add_argument("--at", type=Path, required=True, metavar="CONTROL-SOCKET")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("releases", help="list what was live, the newest first")
    rollback = verbs.add_parser("rollback", help="the release before the live one, or VERSION")
    rollback.add_argument("value", nargs="?", metavar="VERSION")
    deploy = verbs.add_parser("deploy", help="put VERSION in place")
    deploy.add_argument("value", metavar="VERSION")
    scale = verbs.add_parser("scale", help="how many workers there are to be")
    scale.add_argument("what", choices=["worker"])
    scale.add_argument("value", type=int, metavar="N")
    for verb, known, words in (
        ("restart", RESTARTED, "end a part and start it anew"),
        ("renew", RENEWED, "replace what has expired or was changed"),
        ("restore", ("dns",), "have both name servers tell the same"),
    ):
        verbs.add_parser(verb, help=words).add_argument("what", choices=known)
    return parser


if __name__ == "__main__":
    sys.exit(main())
