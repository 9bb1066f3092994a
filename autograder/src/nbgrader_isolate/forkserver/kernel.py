"""A Jupyter kernel in two halves: what can be done before the fork, and what must come after it.

ipykernel's own `initialize` reads configuration, makes sockets and starts threads in one go. Threads and sockets do
not survive a fork, so the halves are called apart where ipykernel is of a version whose steps we know, and `initialize` as
a whole in the child where it is not. Either way the sockets are listening already when the child gets them: a client
can connect, and send, before the kernel is there, and no folder is shared with it.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zmq
from ipykernel._version import __version__ as ipykernel_version
from ipykernel.compiler import XCachingCompiler
from ipykernel.heartbeat import Heartbeat
from ipykernel.iostream import IOPubThread, OutStream
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.application import BaseIPythonApplication
from jupyter_client.session import Session

KNOWN = range(7, 8)
"""Major versions of ipykernel whose steps of initialisation are those of `Application.begin` and `finish`."""

ARGUMENTS = [
    "--HistoryManager.enabled=False",
    "--IPythonKernel._execute_sleep=0",
    "--quiet",
]
"""No history file; no pause after a cell for its output, which is sent before its reply in any case."""
MESSAGE_CHARACTERS = 1 << 17
"""Printed text that one message carries; more is sent in several."""
_PORTS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")


class _Heartbeat(Heartbeat):
    listener = -1

    def _try_bind_socket(self) -> Any:  # noqa: ANN401
        self.socket.setsockopt(zmq.USE_FD, self.listener)
        return super()._try_bind_socket()


class Stream(OutStream):
    """Standard output of a kernel, in messages of a bounded size.

    ipykernel sends all that was printed within 0.2 s as one message, or within a longer time when the
    thread that sends is starved. The size of a message, and whether it is small enough to be received,
    would depend on how busy the machine is. So a cell that prints a lot waits until it is sent.
    """

    _unsent = 0

    def write(self, string: str) -> int:
        """Print a text, as the base class does; send what has piled up."""
        super().write(string)
        self._unsent += len(string)
        if self._unsent >= MESSAGE_CHARACTERS:
            self._unsent = 0
            super().flush()
        return len(string)

    def flush(self) -> None:
        """Send what was written and is not sent yet, if there is anything.

        ipykernel flushes four times a cell, and each time waits for a thread.
        """
        if self._flush_pending or self._subprocess_flush_pending:
            super().flush()

    def _flush_buffers(self) -> Iterator[tuple[dict[str, Any], str]]:
        for parent, text in super()._flush_buffers():
            for start in range(0, len(text), MESSAGE_CHARACTERS):
                yield parent, text[start : start + MESSAGE_CHARACTERS]


class Application(IPKernelApp):
    """A kernel application that is given its listening sockets, and whose start can be split by a fork."""

    listeners: dict[int, int]
    """File descriptor of the listening socket of each port."""

    piped = True
    """Whether what a forked process prints comes through; needs a loopback network."""

    def begin(self) -> None:
        """Do before the fork what needs neither threads nor sockets: configuration, profile, debugger, shell."""
        BaseIPythonApplication.initialize(self, ARGUMENTS)
        self.log.setLevel(self.log_level)  # else it makes four records a cell, and drops them
        self.outstream_class = f"{__name__}.{Stream.__name__}"
        self.init_pdb()
        main = sys.modules["__main__"]
        ZMQInteractiveShell.instance(
            parent=self, profile_dir=self.profile_dir, compiler_class=XCachingCompiler
        )
        sys.modules["__main__"] = main  # in this process, which is no kernel

    def put_shell_away(self) -> None:
        """Forget the shell that was made before the fork, in a process that is to be no kernel."""
        ZMQInteractiveShell.clear_instance()

    def finish(self, ip: str, key: str, listeners: list[int]) -> None:
        """Do after the fork what is left: sockets, threads, the shell.

        Parameters
        ----------
        ip : str
            Start of the sockets' paths.
        key : str
            That signs messages.
        listeners : list of int
            File descriptors of the five listening sockets, in the order of ports 1 to 5.
        """
        self._connect(ip, listeners)
        # Not before the fork: a session drops what is sent from another process than it was made in.
        self.session = Session(parent=self, key=key.encode())
        self.init_sockets()
        self.init_heartbeat()
        self.log_connection_info()
        self.init_io()
        self.init_signal()
        self.init_kernel()
        self._move_in(self.kernel)
        self.init_path()
        if "" not in sys.path:  # the server was started without it (-P)
            sys.path.insert(0, "")
        self.init_shell()
        if self.shell:
            self.init_gui_pylab()
            self.init_extensions()
            self.init_code()
        sys.stdout.flush()
        sys.stderr.flush()

    @staticmethod
    def _move_in(kernel: Any) -> None:  # noqa: ANN401
        """Tell the shell, which is older than the fork, where it is now: kernel, main module, folder."""
        shell = kernel.shell
        shell.parent = shell.kernel = kernel
        shell.starting_dir = str(Path.cwd())
        shell.history_manager.dir_hist[:] = [Path.cwd()]
        sys.modules["__main__"] = shell.user_module

    def initialize_whole(self, ip: str, key: str, listeners: list[int]) -> None:
        """Do all at once, by ipykernel's own `initialize`; parameters as in `finish`."""
        self._connect(ip, listeners)
        handle, path = tempfile.mkstemp(suffix=".json")
        os.close(handle)
        ports = {name: number for number, name in enumerate(_PORTS, 1)}
        info = {
            "ip": ip,
            "key": key,
            "transport": "ipc",
            "signature_scheme": "hmac-sha256",
            **ports,
        }
        Path(path).write_text(json.dumps(info), encoding="utf-8")
        self.initialize(["-f", path, *ARGUMENTS])

    def _connect(self, ip: str, listeners: list[int]) -> None:
        self.listeners = dict(enumerate(listeners, 1))
        self.transport, self.ip = "ipc", ip
        self.connection_file = str(Path(tempfile.gettempdir(), "connection.json"))
        for number, name in enumerate(_PORTS, 1):
            setattr(self, name, number)

    def _try_bind_socket(self, s: Any, port: int) -> Any:  # noqa: ANN401
        s.setsockopt(zmq.USE_FD, self.listeners[port])
        s.setsockopt(zmq.SNDHWM, 0)  # else outputs would be dropped, and `status: idle` with them
        return super()._try_bind_socket(s, port)

    def init_control(self, context: Any) -> None:  # noqa: ANN401
        """Make the sockets of control, and of the shell no thread: it serves subshells, and nobody asks for one.

        The debugger's socket stays unconnected: its address is outside, and it would ask ten times a second.
        """
        super().init_control(context)
        address = self.shell_socket.getsockopt(zmq.LAST_ENDPOINT)
        if address and self.debug_shell_socket is not None:
            self.debug_shell_socket.disconnect(address)
        self.shell_channel_thread = None

    def init_iopub(self, context: Any) -> None:  # noqa: ANN401
        """Make the socket of outputs; without a network there is no pipe from forked processes to it."""
        if self.piped:
            super().init_iopub(context)
            return
        self.iopub_socket = context.socket(zmq.XPUB)
        self.iopub_socket.linger = 1000
        self.iopub_port = self._bind_socket(self.iopub_socket, self.iopub_port)
        self.configure_tornado_logger()
        self.iopub_thread = IOPubThread(self.iopub_socket, pipe=False, session=self.session)
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket

    def init_heartbeat(self) -> None:
        """Start the heartbeat on the socket that it was given."""
        self.heartbeat = _Heartbeat(zmq.Context(), (self.transport, self.ip, self.hb_port))
        self.heartbeat.listener = self.listeners[self.hb_port]
        self.heartbeat.start()


def prepare() -> Application | None:
    """Return an application with its first half done; None where this ipykernel's steps are not known."""
    if int(ipykernel_version.partition(".")[0]) not in KNOWN:
        return None
    application = Application.instance()
    application.begin()
    return application


def serve(
    application: Application | None, ip: str, key: str, listeners: list[int], *, piped: bool = True
) -> None:
    """Be a kernel until the client shuts it down; parameters as in `Application`."""
    kernel = application or Application.instance()
    kernel.piped = piped
    if application is None:
        kernel.initialize_whole(ip, key, listeners)
    else:
        kernel.finish(ip, key, listeners)
    if kernel.shell:
        kernel.shell.ask_exit = _stay
    kernel.start()


def _stay() -> None:
    """Let `exit()` in a cell end nothing: it would take the answers of all cells before it along."""
