"""Start a Jupyter kernel in two halves: one before the fork, and one after it.

ipykernel's own `initialize` reads the configuration, creates sockets and starts threads, all at
once. Threads and sockets do not survive a fork. So if the steps of this version of ipykernel are
known to us, we run the two halves separately; if not, the child runs the whole of `initialize`.
Either way the sockets already listen when the child gets them, so that a client can connect, and
send, before the kernel is there. No folder is shared with the child.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zmq
from ipykernel._version import __version__ as ipykernel_version
from ipykernel.compiler import XCachingCompiler
from ipykernel.heartbeat import Heartbeat
from ipykernel.iostream import IOPubThread, OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.application import BaseIPythonApplication
from jupyter_client.session import Session

KNOWN = range(7, 8)
"""Major versions of ipykernel whose initialization consists of `Application.begin` and `finish`."""

ARGUMENTS = [
    "--HistoryManager.enabled=False",
    "--IPythonKernel._execute_sleep=0",
    "--quiet",
]
"""No history file, and no pause after a cell: its output is always sent before its reply."""
MESSAGE_CHARACTERS = 1 << 17
"""The most printed text in one message; longer text is sent in several messages."""
QUEUED_MESSAGES = 1 << 20
"""How many messages may wait to be sent before libzmq drops any.

A dropped `status: idle` would look like a cell that never ends. The value is not 0, which means no
limit, because libzmq then loses a client's subscription now and then.
"""
_PORTS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")


class _Heartbeat(Heartbeat):
    listener = -1

    def _try_bind_socket(self) -> int:
        self.socket.setsockopt(zmq.USE_FD, self.listener)
        port: int = super()._try_bind_socket()
        return port


class Stream(OutStream):
    """Standard output of a kernel, in messages of a bounded size.

    ipykernel sends everything that was printed within 0.2 s as one message, or within a longer time
    if the sending thread is starved. So the size of a message, and whether it is small enough to be
    received, would depend on how busy the machine is. Here, a cell that prints a lot waits until
    its output is sent.
    """

    _unsent = 0

    def write(self, string: str) -> int:
        """Print a text as the base class does, and send the text when enough has accumulated."""
        super().write(string)
        self._unsent += len(string)
        if self._unsent >= MESSAGE_CHARACTERS:
            self._unsent = 0
            super().flush()
        return len(string)

    def flush(self) -> None:
        """Send the text that was written and not sent yet, if there is any.

        ipykernel flushes four times in each cell, and waits for a thread each time.
        """
        if self._flush_pending or self._subprocess_flush_pending:
            super().flush()

    def _flush_buffers(self) -> Iterator[tuple[dict[str, Any], str]]:
        for parent, text in super()._flush_buffers():
            for start in range(0, len(text), MESSAGE_CHARACTERS):
                yield parent, text[start : start + MESSAGE_CHARACTERS]


class NoShellThread:
    """Replaces ipykernel's shell thread, which only serves subshells; it counts as false.

    ipykernel asks it for its parent when a cell uses `await` at its top level.
    """

    def __init__(self) -> None:
        self.parent_thread = threading.current_thread()

    def __bool__(self) -> bool:
        return False


class Kernel(IPythonKernel):
    """A kernel without subshells."""

    @property
    def _supports_kernel_subshells(self) -> bool:
        return False


class Application(IPKernelApp):
    """A kernel application that receives listening sockets, and can be started in two halves."""

    listeners: dict[int, int]
    """The file descriptor of the listening socket of each port."""

    captures_subprocesses = True
    """Whether the output of forked processes is shown; this needs a loopback network."""

    def begin(self) -> None:
        """Run the half before the fork, which needs neither threads nor sockets.

        It reads the configuration and creates the profile, the debugger and the shell.
        """
        BaseIPythonApplication.initialize(self, ARGUMENTS)
        self.log.setLevel(self.log_level)  # otherwise each cell creates four records and drops them
        self.outstream_class = f"{__name__}.{Stream.__name__}"
        self.init_pdb()
        main = sys.modules["__main__"]
        ZMQInteractiveShell.instance(
            parent=self, profile_dir=self.profile_dir, compiler_class=XCachingCompiler
        )
        sys.modules["__main__"] = main  # this process is not a kernel

    def discard_shell(self) -> None:
        """Discard the shell that was created before the fork, in a process that is not a kernel."""
        ZMQInteractiveShell.clear_instance()

    def finish(self, ip: str, key: str, listeners: list[int]) -> None:
        """Run the half after the fork: sockets, threads and the shell.

        Parameters
        ----------
        ip : str
            The beginning of the paths of the sockets.
        key : str
            The key that signs messages.
        listeners : list of int
            File descriptors of the five listening sockets, in the order of ports 1 to 5.
        """
        self._connect(ip, listeners)
        # Not before the fork: a session drops what is sent by another process than its creator.
        self.session = Session(parent=self, key=key.encode())
        self.init_sockets()
        self.init_heartbeat()
        self.log_connection_info()
        self.init_io()
        self.init_signal()
        self.init_kernel()
        self._adopt_shell(self.kernel)
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
    def _adopt_shell(kernel: IPythonKernel) -> None:
        """Give the shell, which is older than the fork, its kernel, main module and folder."""
        shell: Any = kernel.shell
        shell.parent = shell.kernel = kernel
        shell.starting_dir = str(Path.cwd())
        shell.history_manager.dir_hist[:] = [Path.cwd()]
        sys.modules["__main__"] = shell.user_module

    def initialize_at_once(self, ip: str, key: str, listeners: list[int]) -> None:
        """Run ipykernel's own `initialize`; the parameters are those of `finish`."""
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

    def _try_bind_socket(self, s: zmq.Socket[bytes], port: int) -> int:
        s.setsockopt(zmq.USE_FD, self.listeners[port])
        s.setsockopt(zmq.SNDHWM, QUEUED_MESSAGES)
        bound: int = super()._try_bind_socket(s, port)
        return bound

    def init_control(self, context: zmq.Context[Any]) -> None:
        """Create the control sockets, but not the shell's thread, which only serves subshells.

        The debugger's socket stays unconnected, because its address is outside and it would try to
        connect ten times a second.
        """
        super().init_control(context)
        address = self.shell_socket.getsockopt(zmq.LAST_ENDPOINT)
        if address and self.debug_shell_socket is not None:
            self.debug_shell_socket.disconnect(address)
        self.shell_channel_thread = NoShellThread()

    def init_iopub(self, context: zmq.Context[Any]) -> None:
        """Create the socket for outputs; without a network, forked processes have no pipe to it."""
        if self.captures_subprocesses:
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
        """Start the heartbeat on its listening socket."""
        self.heartbeat = _Heartbeat(zmq.Context(), (self.transport, self.ip, self.hb_port))
        self.heartbeat.listener = self.listeners[self.hb_port]
        self.heartbeat.start()


def prepare() -> Application | None:
    """Return an application whose first half has run, or None if this ipykernel is unknown."""
    if int(ipykernel_version.partition(".")[0]) not in KNOWN:
        return None
    application = Application.instance()
    application.begin()
    return application


def serve(
    application: Application | None,
    ip: str,
    key: str,
    listeners: list[int],
    *,
    captures_subprocesses: bool = True,
) -> None:
    """Be a kernel until the client shuts it down; for the parameters, see `Application`."""
    kernel = application or Application.instance()
    kernel.captures_subprocesses, kernel.kernel_class = captures_subprocesses, Kernel
    if application is None:
        kernel.initialize_at_once(ip, key, listeners)
    else:
        kernel.finish(ip, key, listeners)
    if kernel.shell:
        kernel.shell.ask_exit = _ignore_exit
    kernel.start()


def _ignore_exit() -> None:
    """Ignore `exit()` in a cell, which would lose the answers of all cells before it."""
