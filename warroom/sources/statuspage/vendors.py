"""Vendors whose status pages are known, and those whose pages are of another make.

Each address is that under which the vendor's own documentation, or several programs that read
it, ask for ``/api/v2/summary.json``; vendors move their pages, and then ``url`` says where to.
"""

PAGES = {
    "anthropic": "https://status.claude.com",  # was status.anthropic.com
    "cloudflare": "https://www.cloudflarestatus.com",
    "datadog": "https://status.datadoghq.com",  # US1; the other sites have pages of their own
    "digitalocean": "https://status.digitalocean.com",
    "github": "https://www.githubstatus.com",
    "netlify": "https://www.netlifystatus.com",
    "newrelic": "https://status.newrelic.com",  # each component by data centre: "APM : US"
    "openai": "https://status.openai.com",  # incident.io's: incidents in incidents.json only
    "sentry": "https://status.sentry.io",
    "supabase": "https://status.supabase.com",
    "upstash": "https://status.upstash.com",
    "vercel": "https://www.vercel-status.com",
}
"""Name to address, without ``/api/v2``."""

_HTTP = 'kind = "http" with url ='
OTHERS = {
    # Its page asks /current/full, a format of its own.
    "stripe": f'{_HTTP} "https://status.stripe.com" sees whether it answers, and no more',
    # Instatus' API: {"page": {"status": "UP"}}.
    "railway": f'{_HTTP} "https://status.railway.com/summary.json" and '
    'expect = ["page.status == UP"]',
    # incident.io's own API, by region: neon.com/docs/introduction/status.
    "neon": f'{_HTTP} "https://neonstatus.com/api/v1/summary" sees whether it answers, and no more',
    "aws": "its own pages are at https://health.aws.amazon.com/health/status",
    "azure": "its own page is at https://azure.status.microsoft",
    "gcp": "its own page is at https://status.cloud.google.com",
}
"""Vendors whose pages do not offer Statuspage's API: what to do instead."""
