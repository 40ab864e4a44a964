"""A tmux of a test's own: keys come in as fast as it can send them."""

import contextlib
import shutil
import subprocess
import tempfile

from tests.waiting import until


class Tmux:
    """One session on a socket of its own; a context manager that ends its server."""

    def __init__(self, argv, env, size=(80, 24)):
        self.folder = tempfile.mkdtemp(prefix="wr-tmux-")
        self.socket = f"{self.folder}/s"
        self.env = {**env, "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}
        self.env.pop("TMUX", None)
        columns, rows = map(str, size)
        self("new-session", "-d", "-s", "t", "-x", columns, "-y", rows, *argv)

    def __call__(self, *arguments):
        done = subprocess.run(
            ["tmux", "-S", self.socket, "-f", "/dev/null", *arguments],
            env=self.env, capture_output=True, text=True, check=True, timeout=20,
        )  # fmt: skip
        return done.stdout

    def keys(self, *names):
        """All of them in one go."""
        self("send-keys", "-t", "t", *names)

    def paste(self, text):
        """As one paste, marked as such where the program has asked for that."""
        self("set-buffer", "-b", "b", text)
        self("paste-buffer", "-p", "-b", "b", "-t", "t")

    @property
    def text(self):
        return self("capture-pane", "-p", "-t", "t")

    def wait_for(self, words, seconds=20):
        until(lambda: words in self.text, seconds, lambda: self.text)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        with contextlib.suppress(subprocess.CalledProcessError):
            self("kill-server")
        shutil.rmtree(self.folder, ignore_errors=True)
