"""If a sandbox does not start, one line says what to do, according to the settings and machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbgrader_isolate.sandbox import drop_root, hints

REFUSED = "bwrap: setting up uid map: Permission denied"
OLD = "bwrap: No permissions to creating new namespace, likely because the kernel does not allow"


def machine(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", "ascii")
    return root


@pytest.mark.parametrize(
    ("error", "files", "advice"),
    [
        (OLD, {"proc__sys__kernel__unprivileged_userns_clone": "0"}, "unprivileged_userns_clone=1"),
        (OLD, {"proc__sys__user__max_user_namespaces": "0"}, "user.max_user_namespaces=15000"),
        (
            REFUSED,
            {
                "proc__sys__user__max_user_namespaces": "96365",
                "proc__sys__kernel__apparmor_restrict_unprivileged_userns": "1",
            },
            "AppArmor",
        ),
        (
            "bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted",
            {"proc__sys__kernel__apparmor_restrict_unprivileged_userns": "1"},
            "AppArmor",
        ),
        (OLD, {".dockerenv": ""}, "seccomp=unconfined"),
        (OLD, {"run__.containerenv": ""}, "unmask=ALL"),
        ("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", {}, "systempaths"),
        (f"{drop_root.FAILED}: [Errno 1] unshare: Operation not permitted", {}, "an ordinary user"),
        (f"{drop_root.NOT_FOR_OTHERS}: /a '/b c'", {}, "run `chmod -R go+rX /a '/b c'`"),
        (OLD, {}, "a virtual machine"),
        ("bwrap: execvp python: No such file or directory", {}, "report"),
    ],
)
def test_the_hint_names_what_allows_the_sandbox(
    error: str, files: dict[str, str], advice: str, tmp_path: Path
) -> None:
    hint = hints.for_bubblewrap(error, machine(tmp_path, **files))
    assert advice in hint
    assert "\n" not in hint


def test_a_setting_that_allows_namespaces_is_not_blamed(tmp_path: Path) -> None:
    root = machine(
        tmp_path,
        proc__sys__kernel__unprivileged_userns_clone="1",
        proc__sys__kernel__apparmor_restrict_unprivileged_userns="0",
    )
    assert hints.for_bubblewrap(REFUSED, root) == hints.ELSEWHERE
