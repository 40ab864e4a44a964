"""One POST to another program of the demo, without a client library in the supervisor."""

import asyncio

from warroom.demo.errors import DemoError, UnchangedError

LIMIT_S = 3.0


async def post(port: int, path: str, token: str) -> bytes:
    """POST with a bearer token to 127.0.0.1, and the answer's body.

    UnchangedError when nobody is there, DemoError unless it is answered with 200 in time.
    """
    failure: type[DemoError] = UnchangedError
    head = f"POST {path} HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n"
    try:
        async with asyncio.timeout(LIMIT_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            failure = DemoError  # from here on it may have been heard
            try:
                writer.write(f"{head}Authorization: Bearer {token}\r\n\r\n".encode())
                answer = await reader.read()
            finally:
                writer.close()
    except (OSError, TimeoutError) as error:
        raise failure(f"nothing answers POST {path} on port {port}: {error!r}") from error
    headers, _, body = answer.partition(b"\r\n\r\n")
    status_line = headers.split(b"\r\n", 1)[0]
    if b" 200 " not in status_line:
        raise DemoError(f"POST {path} on port {port} was answered {status_line.decode()!r}")
    return body
