"""Whom the shop's team tells: its chat, its mailing list, its status page."""

from typing import Any

from warroom.demo.folder import Folder
from warroom.demo.secret_files import SecretFiles
from warroom.demo.settings import Settings


def sections(folder: Folder, settings: Settings) -> dict[str, Any]:
    """``[messages]`` and ``[receivers]``."""
    secrets = SecretFiles(folder.secrets)
    return {
        "messages": {"public_hosts": ["example.com", "status.example.com"]},
        "receivers": {
            "chat": {
                "kind": "slack",
                "title": "#incidents",
                "url": {"file": str(secrets.chat)},
            },
            "team": {
                "kind": "mail",
                "title": "engineering",
                "host": "127.0.0.1",
                "port": settings.mail_port,
                "tls": "none",
                "username": "shop",
                "password": {"file": str(secrets.mail)},
                "sender": "incidents@example.com",
                "to": ["engineering@example.com"],
                "purposes": ["first", "resolution"],
            },
            "status": {
                "kind": "http",
                "title": "status page",
                "url": f"http://127.0.0.1:{settings.chat_port}/incidents",
                "public": True,
                "levels": ["SEV1", "SEV2"],
            },
        },
    }
