"""The shop's releases: what differs from one version of its pages to the next.

A deployment puts another version into the settings and starts the web app again; the app
runs the code that is listed here under its version.
"""

from warroom.demo.shop.releases.v1_42_0 import Storefront
from warroom.demo.shop.releases.v1_43_0 import ComingStorefront

RELEASES: dict[str, type[Storefront]] = {"1.42.0": Storefront, "1.43.0": ComingStorefront}
"""Every release that can be deployed, oldest first."""
