"""The sandbox that student code runs in.

`backends.choose` finds out which sandbox this machine can provide, by running a probe inside it
that tries to escape. The choice is `bwrap` (bubblewrap: namespaces, a root of its own, no network)
or `landlock` (the kernel's rules on files, without namespaces). Both add a system call filter
(`seccomp`) and resource limits (`rlimits`). `bubblewrap.server_command` builds the outer sandbox of
the fork server, and `watchdog` kills whatever takes too much memory, time or disk.
"""
