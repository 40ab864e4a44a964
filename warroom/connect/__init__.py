"""What sources, actions and messages share to reach other systems: HTTP, TLS, names."""
