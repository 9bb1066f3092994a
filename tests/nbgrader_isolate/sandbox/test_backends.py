"""The sandbox is chosen by what the probe could not do, not by what is installed."""

from __future__ import annotations

import pytest

from nbgrader_isolate.sandbox import backends, bubblewrap, landlock, probe

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _clear_cache() -> None:
    backends.probed.cache_clear()


def test_the_probe_escapes_without_a_sandbox() -> None:
    attempts = backends.try_to_escape(backends.Backend("none", {}))
    successes = {name for name, stopped_by in attempts.items() if not stopped_by}
    assert successes >= {
        "read a file outside",
        "list a folder outside",
        "write a file outside",
        "change a file's permissions outside",
        "connect to a port of the host",
        "send a datagram to the host",
        "connect to a socket file outside",
        "connect to an abstract socket outside",
    }


@pytest.mark.parametrize("name", ["bwrap", "landlock"])
def test_a_chosen_backend_stopped_every_attempt(name: backends.BackendName) -> None:
    try:
        backend = backends.probed(name)
    except backends.NoSandboxError as error:
        pytest.skip(f"no {name} sandbox here: {error}")
    assert set(backend.attempts) == set(probe.ATTEMPTS)
    assert all(backend.attempts.values())
    assert bool(backend.limitations) == (name == "landlock")


def test_a_backend_that_lets_the_probe_escape_is_not_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weak = backends.try_to_escape(backends.Backend("none", {}))
    monkeypatch.setattr(backends, "try_to_escape", lambda _backend: weak)
    with pytest.raises(backends.NoSandboxError, match=r"the probe could .*read a file outside"):
        backends.choose("auto")


def test_without_bubblewrap_landlock_is_chosen_and_lists_its_limitations(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if landlock.abi() < landlock.LEAST_ABI:
        pytest.skip("no Landlock in this kernel")
    monkeypatch.setattr(bubblewrap, "available", lambda: None)
    backend = backends.choose("auto")
    assert backend.name == "landlock"
    assert any("names" in sentence for sentence in backend.limitations)


def test_without_either_nothing_runs_and_the_reasons_are_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bubblewrap, "available", lambda: None)
    monkeypatch.setattr(landlock, "abi", lambda: 1)
    with pytest.raises(backends.NoSandboxError) as failure:
        backends.choose("auto")
    for part in ("bwrap is not installed", "needs Landlock 3, and", "offers 1", "--no-sandbox"):
        assert part in str(failure.value)


def test_none_must_be_requested_and_is_recorded_by_name() -> None:
    backend = backends.choose("none")
    assert backend.name == "none"
    assert backend.limitations


def test_an_unknown_backend_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown sandbox 'docker'"):
        backends.choose("docker")


def test_the_probe_runs_once_in_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []
    attempts = dict.fromkeys(probe.ATTEMPTS, "stopped")
    monkeypatch.setattr(backends, "try_to_escape", lambda backend: runs.append(backend) or attempts)
    monkeypatch.setattr(backends, "_missing", lambda _name: "")
    assert backends.choose("auto") is backends.choose("bwrap")
    assert len(runs) == 1


def test_a_backend_whose_probe_does_not_answer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends.Backend, "kernel_command", lambda *_, **__: ["/bin/false"])
    with pytest.raises(backends.NoSandboxError, match="the probe did not run: exit code 1"):
        backends.try_to_escape(backends.Backend("bwrap", {}))


def test_a_probe_that_is_slow_leads_to_no_weaker_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    if backends._missing("bwrap"):  # noqa: SLF001
        pytest.skip("no bubblewrap here")
    monkeypatch.setattr(backends, "_PROBE_SECONDS", 0.001)
    with pytest.raises(backends.SlowProbeError, match="no answer within"):
        backends.choose("auto")
