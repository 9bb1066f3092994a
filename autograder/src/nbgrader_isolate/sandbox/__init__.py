"""Student code runs in here, and nowhere else.

`tiers.choose` says which sandbox this machine can give, by a probe that tries to escape from it: `bwrap` (namespaces, a
root of its own, no network) or `landlock` (the kernel's rules on files, without namespaces), both under a system call
filter (`seccomp`) and resource limits (`rlimits`). `bwrap.server_command` is the outer sandbox of the fork server, and
`watch` ends what takes too much memory, time or disk.
"""
