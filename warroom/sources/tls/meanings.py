"""What each figure of a ``tls`` source means, in a line."""

MEANINGS: dict[str, str] = {
    "days": "until the certificate ends; negative when it has",
    "handshake": "with the look-up of the host and connecting",
    "up": "1 for a chain that verifies for the name, 0 for one that does not",
    "unanswered": "polls in a row without a handshake, once there has been one",
}
