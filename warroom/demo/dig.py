"""What several name servers say of a name, a line each: ``python -m warroom.demo.dig NAME SERVER…``

A server is ``ADDRESS:PORT``. The exit status is 1 where they differ, or one says nothing.
"""

import sys

import dns.exception
import dns.message
import dns.query
import dns.rdatatype

WAIT_S = 3.0
"""For one server's answer."""


def ask(name: str, server: str) -> tuple[str, ...]:
    """The addresses that one server gives, sorted. Raises OSError, DNSException."""
    address, _, port = server.rpartition(":")
    query = dns.message.make_query(name, dns.rdatatype.A)
    reply = dns.query.udp(query, address, timeout=WAIT_S, port=int(port))
    return tuple(sorted(str(one) for answer in reply.answer for one in answer))


def main(name: str, servers: list[str]) -> int:
    """Print each server's answer."""
    said = set()
    for server in servers:
        try:
            found = ask(name, server)
        except (OSError, dns.exception.DNSException) as error:
            found = ()
            sys.stdout.write(f"{server}: no answer: {error}\n")
        else:
            sys.stdout.write(f"{server}: {' '.join(found) or 'no address'}\n")
        said.add(found)
    return 0 if len(said) == 1 and () not in said else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
