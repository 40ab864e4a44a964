"""Running the command that prints a secret: no shell, no terminal, nothing left behind."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

from warroom.errors import ProbeError

OUTPUT_LIMIT = 64 * 1024
"""Bytes a secret may have."""

_PASSED = (
    *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"),
    *("http_proxy", "https_proxy", "no_proxy", "SSH_AUTH_SOCK", "GNUPGHOME"),
    *("DBUS_SESSION_BUS_ADDRESS", "KRB5CCNAME"),
)
_PASSED_PREFIXES = (
    *("LC_", "XDG_", "OP_", "BW_", "VAULT_", "AWS_", "AZURE_", "GOOGLE_", "CLOUDSDK_"),
    *("DOPPLER_", "PASSWORD_STORE_", "SOPS_"),
)


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What the command gets to see: what a program needs to run, and what the well-known
    secret managers sign in with; nothing else of ours."""
    return {
        name: value
        for name, value in environ.items()
        if name in _PASSED or name.startswith(_PASSED_PREFIXES)
    }


async def run(argv: Sequence[str], folder: Path, environ: Mapping[str, str], limit: float) -> bytes:
    """What ``argv`` prints, once it has ended well; else ProbeError("set-up").

    It reads nothing, its errors go nowhere (they could repeat the secret), and its whole
    process group is killed at the limit, on a flood, and when the caller is cancelled.
    """
    name = f"the secret's command {argv[0]}"
    try:
        async with asyncio.timeout(limit):
            output, status = await _output(argv, folder, child_environment(environ))
    except TimeoutError:
        message = f"{name} did not end within {limit:g} s, and was killed"
        raise ProbeError("set-up", message) from None
    if len(output) > OUTPUT_LIMIT:
        raise ProbeError("set-up", f"{name} printed more than {OUTPUT_LIMIT >> 10} KiB")
    if status:
        how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
        raise ProbeError("set-up", f"{name} {how}", "run it by hand to see why")
    return output


async def _output(argv: Sequence[str], folder: Path, environ: dict[str, str]) -> tuple[bytes, int]:
    """Its output, one byte over the limit at most, and its exit status."""
    read_end, write_end = os.pipe()
    try:
        # A pipe of our own: with asyncio's, wait() would hang on a grandchild that holds it.
        reader, transport = await _reader(read_end)
        with contextlib.closing(transport):
            process = await _start(argv, folder, environ, write_end)
            os.close(write_end)
            write_end = -1
            return await _finished(process, reader)
    finally:
        if write_end >= 0:
            os.close(write_end)


async def _finished(
    process: asyncio.subprocess.Process, reader: asyncio.StreamReader
) -> tuple[bytes, int]:
    ended = False
    try:
        output = await _read(reader)
        if len(output) > OUTPUT_LIMIT:
            return output, 0
        status = await process.wait()
        ended = True
        return output, status
    finally:
        if not ended:
            await _kill(process)


async def _reader(descriptor: int) -> tuple[asyncio.StreamReader, asyncio.ReadTransport]:
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", buffering=0)
    )
    return reader, transport


async def _start(
    argv: Sequence[str], folder: Path, environ: dict[str, str], output: int
) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=folder,
            env=environ,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"the secret's command {argv[0]} cannot be started: {reason}"
        raise ProbeError("set-up", message) from error


async def _read(reader: asyncio.StreamReader) -> bytes:
    output = b""
    while len(output) <= OUTPUT_LIMIT:
        chunk = await reader.read(OUTPUT_LIMIT + 1 - len(output))
        if not chunk:
            break
        output += chunk
    return output


async def _kill(process: asyncio.subprocess.Process) -> None:
    """End the whole group: the leader may be gone while its children hold the pipe."""
    # PermissionError: the command changed its user (sudo); then it is not ours to end.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), 1.0)
