"""The demo production: a small, real shop to watch, and faults to switch on in it.

PostgreSQL, Redis, a web app with a TLS front, a mail worker, its customers and the outsiders
it needs (a payments provider, a mail server, a warehouse) run as processes of their own on
free loopback ports; a supervisor starts them, answers on a control socket
and takes everything away again, its temp folder included.

    from warroom.demo.production import Production
    with Production.start() as shop:
        shop.config, shop.control

    from warroom.demo import control
    control.switch(control.find(), "outage", True)

It can be operated: `warroom.demo.platform` says which operation mends which fault.

Nothing is created or changed outside the temp folder; no user, no service, no port that
the network can reach. When the starting process ends, in whatever way, so does the demo.

This module stays empty so that `warroom.demo.control` costs a client next to nothing.
"""
