"""The system call filter, run by our own interpreter for both machines and by this kernel."""

from __future__ import annotations

import errno
import struct
import subprocess
import sys

import pytest

from nbgrader_isolate.sandbox import allowed_syscalls, seccomp

pytestmark = pytest.mark.slow

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
PROFILES = {"namespaced": seccomp.NAMESPACED, "no_namespaces": seccomp.NO_NAMESPACES}
FORBIDDEN = {  # name: number on x86_64, number on aarch64 (asm/unistd.h)
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    "memfd_create": (319, 279),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "kexec_load": (246, 104),
    "init_module": (175, 105),
    "personality": (135, 92),
    "splice": (275, 76),
    "kcmp": (312, 272),
    "reboot": (169, 142),
    "clock_settime": (227, 112),
}


def verdict(code: bytes, number: int, arguments: tuple[int, ...] = (), arch: int = 0) -> int:
    """Run a filter as described in bpf(4), on a little-endian `struct seccomp_data`."""
    words = [argument & (2**64 - 1) for argument in (*arguments, *[0] * (6 - len(arguments)))]
    data = struct.pack("=IIQ6Q", number, arch, 0, *words)
    instructions = [struct.unpack_from("HBBI", code, offset) for offset in range(0, len(code), 8)]
    index, accumulator = 0, 0
    while True:
        operation, if_true, if_false, constant = instructions[index]
        index += 1
        match operation:
            case 0x20:
                (accumulator,) = struct.unpack_from("=I", data, constant)
            case 0x54:
                accumulator &= constant
            case 0x05:
                index += constant
            case 0x15:
                index += if_true if accumulator == constant else if_false
            case 0x35:
                index += if_true if accumulator >= constant else if_false
            case 0x45:
                index += if_true if accumulator & constant else if_false
            case 0x06:
                return constant
            case _:
                raise AssertionError(operation)


@pytest.fixture(params=ARCHITECTURES)
def machine(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest) -> seccomp.Profile:
    return PROFILES[request.param]


def ask(machine: str, profile: seccomp.Profile, number: int, *arguments: int) -> int:
    code = seccomp.program(profile, machine, own_pid=77)
    return verdict(code, number, arguments, ARCHITECTURES[machine])


def test_every_unconditionally_listed_call_is_allowed_inside_namespaces(machine: str) -> None:
    code = seccomp.program(seccomp.NAMESPACED, machine)
    free = set(allowed_syscalls.GROUPS) - {"checked", "missing", "scheduling"}
    for group in sorted(free):
        for name, number in allowed_syscalls.numbers(group, machine).items():
            if name != "prctl":
                got = verdict(code, number, (), ARCHITECTURES[machine])
                assert got == seccomp.ALLOW, name


def test_every_call_that_is_not_listed_is_refused(machine: str, profile: seccomp.Profile) -> None:
    code = seccomp.program(profile, machine)
    named = {
        n
        for group in allowed_syscalls.GROUPS
        for n in allowed_syscalls.numbers(group, machine).values()
    }
    for number in (*range(600), 0x3FFFFFFF):
        if number not in named:
            expected = errno.EPERM if number < 436 else errno.ENOSYS
            got = verdict(code, number, (), ARCHITECTURES[machine])
            assert got == seccomp.ERRNO | expected, number


@pytest.mark.parametrize("name", FORBIDDEN)
def test_calls_that_escape_or_hide_memory_are_forbidden(
    name: str, machine: str, profile: seccomp.Profile
) -> None:
    number = FORBIDDEN[name][list(ARCHITECTURES).index(machine)]
    assert ask(machine, profile, number) == seccomp.ERRNO | errno.EPERM


@pytest.mark.parametrize(
    "flag", [0x80, 0x20000, 1 << 25, 1 << 26, 1 << 27, 1 << 28, 1 << 29, 1 << 30]
)
def test_clone_cannot_create_a_namespace(flag: int, machine: str, profile: seccomp.Profile) -> None:
    clone = allowed_syscalls.numbers("checked", machine)["clone"]
    if flag == 0x80:  # CLONE_NEWTIME: in clone(2) that bit is part of the signal number
        assert ask(machine, profile, clone, flag) == seccomp.ERRNO | errno.EPERM
    assert ask(machine, profile, clone, flag | 17) == seccomp.ERRNO | errno.EPERM


def test_clone_cannot_make_a_sibling_which_the_watchdog_would_not_find(
    machine: str, profile: seccomp.Profile
) -> None:
    clone = allowed_syscalls.numbers("checked", machine)["clone"]
    for flags in (0x8000, 0x8000 | 17, 0x8000 | 0x3D0F00):  # CLONE_PARENT
        assert ask(machine, profile, clone, flags) == seccomp.ERRNO | errno.EPERM
    assert ask(machine, profile, clone, 0x4100 | 17) == seccomp.ALLOW  # vfork


def test_no_thread_has_descriptors_of_its_own_which_the_watchdog_would_not_find(
    machine: str, profile: seccomp.Profile
) -> None:
    clone = allowed_syscalls.numbers("checked", machine)["clone"]
    assert ask(machine, profile, clone, 0x3D0F00) == seccomp.ALLOW
    assert ask(machine, profile, clone, 0x3D0F00 & ~0x400) == seccomp.ERRNO | errno.EPERM
    close_range = allowed_syscalls.numbers("files", machine)["close_range"]
    for flags, action in (
        (0, seccomp.ALLOW),
        (4, seccomp.ALLOW),
        (2, seccomp.ERRNO | errno.EINVAL),
    ):
        assert ask(machine, profile, close_range, 3, 2**32 - 1, flags) == action


def test_large_memory_is_not_shared_without_a_file(machine: str, profile: seccomp.Profile) -> None:
    mmap = allowed_syscalls.numbers("memory", machine)["mmap"]
    most = seccomp.MAX_SHARED
    for size in (most + 1, 1 << 32, (1 << 32) + 1, 1 << 40):
        assert ask(machine, profile, mmap, 0, size, 3, 0x21) == seccomp.ERRNO | errno.ENOMEM
        assert ask(machine, profile, mmap, 0, size, 3, 0x4021) == seccomp.ERRNO | errno.ENOMEM
        assert ask(machine, profile, mmap, 0, size, 3, 0x22) == seccomp.ALLOW  # private
        assert ask(machine, profile, mmap, 0, size, 3, 0x01, 5) == seccomp.ALLOW  # of a file
    for size in (1, most):
        assert ask(machine, profile, mmap, 0, size, 3, 0x21) == seccomp.ALLOW


def test_threads_and_forks_are_allowed_and_clone3_looks_unknown(
    machine: str, profile: seccomp.Profile
) -> None:
    clone = allowed_syscalls.numbers("checked", machine)["clone"]
    assert ask(machine, profile, clone, 0x3D0F00) == seccomp.ALLOW  # pthread_create
    assert ask(machine, profile, clone, 0x1200011) == seccomp.ALLOW  # fork
    assert ask(machine, profile, 435) == seccomp.ERRNO | errno.ENOSYS


@pytest.mark.parametrize("command", [0x5412, 0x541C, 0x5423])
def test_typing_into_a_terminal_is_refused_whatever_the_upper_bits_are(
    command: int, machine: str, profile: seccomp.Profile
) -> None:
    ioctl = allowed_syscalls.numbers("checked", machine)["ioctl"]
    assert ask(machine, profile, ioctl, 0, command) == seccomp.ERRNO | errno.EPERM
    assert ask(machine, profile, ioctl, 0, command | 1 << 32) == seccomp.ERRNO | errno.EPERM
    assert ask(machine, profile, ioctl, 0, 0x5401) == seccomp.ALLOW  # TCGETS


def test_a_process_cannot_hide_its_memory_from_the_watchdog(
    machine: str, profile: seccomp.Profile
) -> None:
    prctl = allowed_syscalls.numbers("processes", machine)["prctl"]
    assert ask(machine, profile, prctl, 4, 0) == seccomp.ERRNO | errno.EPERM
    assert ask(machine, profile, prctl, 15) == seccomp.ALLOW  # PR_SET_NAME


def test_affinity_scheduler_and_priority_stay_as_they_are(
    machine: str, profile: seccomp.Profile
) -> None:
    for number in allowed_syscalls.numbers("scheduling", machine).values():
        for pid in (0, 1, 77):
            assert ask(machine, profile, number, pid) == seccomp.ERRNO  # "done", and nothing is


def test_no_process_limits_another_or_has_a_signal_sent_to_it(
    machine: str, profile: seccomp.Profile
) -> None:
    checked = allowed_syscalls.numbers("checked", machine)
    assert ask(machine, profile, checked["prlimit64"], 0, 7) == seccomp.ALLOW
    for pid in (1, 77, 78):
        got = ask(machine, profile, checked["prlimit64"], pid, 0)
        assert got == seccomp.ERRNO | errno.EPERM
    assert ask(machine, profile, checked["fcntl"], 3, 4) == seccomp.ALLOW  # F_SETFL
    for command in (8, 10, 15):
        assert ask(machine, profile, checked["fcntl"], 3, command) == seccomp.ERRNO | errno.EPERM
    for command in (1024, 1026, 1040):  # F_SETLEASE, F_NOTIFY, F_SETDELEG
        assert ask(machine, profile, checked["fcntl"], 3, command) == seccomp.ERRNO | errno.EPERM
    prctl = allowed_syscalls.numbers("processes", machine)["prctl"]
    assert ask(machine, profile, prctl, 62) == seccomp.ERRNO | errno.EPERM  # PR_SCHED_CORE
    assert ask(machine, profile, prctl, 36) == seccomp.ERRNO | errno.EPERM  # CHILD_SUBREAPER


@pytest.mark.parametrize("limit", [4, 6])
def test_the_limits_of_core_dumps_and_processes_can_be_read_and_not_changed(
    machine: str, profile: seccomp.Profile, limit: int
) -> None:
    prlimit = allowed_syscalls.numbers("checked", machine)["prlimit64"]
    refused = seccomp.ERRNO | errno.EPERM
    assert ask(machine, profile, prlimit, 0, limit, 0, 1) == seccomp.ALLOW
    for address in (1, 1 << 32, 1 << 63, (1 << 32) + 8):
        assert ask(machine, profile, prlimit, 0, limit, address) == refused
        assert ask(machine, profile, prlimit, 0, 7, address) == seccomp.ALLOW
        assert ask(machine, profile, prlimit, 9, limit, address) == refused
    setrlimit = {"x86_64": 160, "aarch64": 164}[machine]
    assert ask(machine, profile, setrlimit, limit, 8) == refused
    assert ask(machine, profile, setrlimit, 7, 8) == seccomp.ALLOW


def test_sockets_keep_the_size_of_their_buffers_and_have_no_filters(
    machine: str, profile: seccomp.Profile
) -> None:
    options = allowed_syscalls.numbers("checked", machine)["setsockopt"]
    for level, option, expected in (
        (1, 2, seccomp.ALLOW),  # SO_REUSEADDR
        (6, 7, seccomp.ALLOW),  # of TCP
        (1, 7, seccomp.ERRNO),  # SO_SNDBUF
        (1, 33, seccomp.ERRNO),  # SO_RCVBUFFORCE
        (1, 26, seccomp.ERRNO | errno.EPERM),  # SO_ATTACH_FILTER
        (1, 52, seccomp.ERRNO | errno.EPERM),
    ):
        assert ask(machine, profile, options, 3, level, option) == expected


@pytest.mark.parametrize("call", ["socket", "socketpair"])
def test_sockets_of_rare_families_do_not_exist(
    call: str, machine: str, profile: seccomp.Profile
) -> None:
    number = allowed_syscalls.numbers("checked", machine)[call]
    for family in set(range(46)) - set(profile.families):
        assert ask(machine, profile, number, family, 1) == seccomp.ERRNO | errno.EAFNOSUPPORT
    for family in profile.families:
        assert ask(machine, profile, number, family, 1 | 0o2000000) == seccomp.ALLOW


@pytest.mark.parametrize("call", ["socket", "socketpair"])
def test_sockets_of_rare_protocols_do_not_exist(machine: str, call: str) -> None:
    number = allowed_syscalls.numbers("checked", machine)[call]
    refused = seccomp.ERRNO | errno.EPROTONOSUPPORT
    for protocol in (0, 6, 17):
        for family in (1, 2, 10, 16):
            assert ask(machine, seccomp.NAMESPACED, number, family, 1, protocol) == seccomp.ALLOW
    for protocol in (1, 2, 9, 132, 136, 262):
        assert ask(machine, seccomp.NAMESPACED, number, 2, 1, protocol) == refused
    assert ask(machine, seccomp.NO_NAMESPACES, number, 1, 1, 0) == seccomp.ALLOW
    assert ask(machine, seccomp.NO_NAMESPACES, number, 1, 1, 262) == refused


def test_without_a_network_namespace_nothing_can_be_reached_or_reach_in(machine: str) -> None:
    sockets = allowed_syscalls.numbers("sockets", machine)
    for name in ("connect", "listen"):  # programs of the host could connect to an abstract name
        assert ask(machine, seccomp.NO_NAMESPACES, sockets[name]) == seccomp.ERRNO | errno.EPERM
    pair = allowed_syscalls.numbers("checked", machine)["socketpair"]
    assert ask(machine, seccomp.NO_NAMESPACES, pair, 1, 2) == seccomp.ERRNO | errno.EOPNOTSUPP
    assert ask(machine, seccomp.NO_NAMESPACES, sockets["bind"]) == seccomp.ALLOW


def test_files_on_the_hosts_disk_are_not_sent_where_nobody_can_count_them(machine: str) -> None:
    sockets = allowed_syscalls.numbers("sockets", machine)
    for name in ("sendmsg", "sendmmsg"):
        assert ask(machine, seccomp.NO_NAMESPACES, sockets[name]) == seccomp.ERRNO | errno.EPERM
        assert ask(machine, seccomp.NAMESPACED, sockets[name]) == seccomp.ALLOW


def test_without_a_process_namespace_signals_go_to_the_process_itself_alone(machine: str) -> None:
    sending = allowed_syscalls.numbers("sending", machine)
    for name in ("kill", "tgkill"):
        assert ask(machine, seccomp.NO_NAMESPACES, sending[name], 77, 9) == seccomp.ALLOW
        for other in (78, 1, 0, -1):
            got = ask(machine, seccomp.NO_NAMESPACES, sending[name], other, 9)
            assert got == seccomp.ERRNO | errno.EPERM
    for name in sending.keys() - {"kill", "tgkill"}:
        assert (
            ask(machine, seccomp.NO_NAMESPACES, sending[name], 77, 9) == seccomp.ERRNO | errno.EPERM
        )


def test_another_architecture_is_killed_and_x32_looks_unknown(
    machine: str, profile: seccomp.Profile
) -> None:
    code = seccomp.program(profile, machine)
    assert verdict(code, 1, (), 0x40000003) == seccomp.KILL  # i386: 1 is exit there, write here
    x32 = verdict(code, 0x40000001, (), ARCHITECTURES[machine])
    assert x32 == seccomp.ERRNO | errno.ENOSYS


def test_the_error_names_a_machine_without_a_table() -> None:
    with pytest.raises(OSError, match="no system call table for riscv64"):
        seccomp.program(machine="riscv64")


@pytest.mark.parametrize("name", PROFILES)
def test_the_kernel_accepts_the_filter_and_numpy_works_under_it(name: str) -> None:
    code = f"""
from nbgrader_isolate.sandbox import seccomp
seccomp.install(seccomp.{name.upper()})
import ctypes, mmap, os, threading, subprocess, tempfile, numpy as np
libc = ctypes.CDLL(None, use_errno=True)
assert libc.unshare(1 << 28) == -1 and ctypes.get_errno() == 1
assert libc.memfd_create(b"x", 0) == -1 and ctypes.get_errno() == 1
clone = {{"x86_64": 56, "aarch64": 220}}[os.uname().machine]
assert libc.syscall(clone, 0x8000 | 17, 0, 0, 0, 0) == -1 and ctypes.get_errno() == 1
mmap.mmap(-1, seccomp.MAX_SHARED)[0] = 1
try: mmap.mmap(-1, seccomp.MAX_SHARED + 1)
except OSError as error: assert error.errno == 12
else: raise AssertionError
mmap.mmap(-1, 2 * seccomp.MAX_SHARED, flags=mmap.MAP_PRIVATE)
done = []
thread = threading.Thread(target=done.append, args=(1,)); thread.start(); thread.join()
assert done == [1]
assert subprocess.run(["true"]).returncode == 0
with tempfile.TemporaryFile() as f:
    np.save(f, np.linalg.inv(np.eye(40)))
print("works")
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stdout == "works\n", run.stderr
