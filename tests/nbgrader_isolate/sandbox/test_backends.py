"""The choice of a sandbox: by what the probe could not do, not by what is installed."""

from __future__ import annotations

import pytest

from nbgrader_isolate.sandbox import backends, bubblewrap, landlock, probe

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _forget() -> None:
    backends.probed.cache_clear()


def test_the_probe_gets_out_where_there_is_no_sandbox() -> None:
    attempts = backends.try_to_escape(backends.Tier("none", {}))
    free = {name for name, held in attempts.items() if not held}
    assert free >= {
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
def test_in_a_tier_that_is_taken_every_attempt_was_stopped(name: backends.TierName) -> None:
    try:
        tier = backends.probed(name)
    except backends.NoSandbox as error:
        pytest.skip(f"no {name} sandbox here: {error}")
    assert set(tier.attempts) == set(probe.ATTEMPTS)
    assert all(tier.attempts.values())
    assert bool(tier.smaller) == (name == "landlock")


def test_a_tier_that_lets_the_probe_out_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    weak = backends.try_to_escape(backends.Tier("none", {}))
    monkeypatch.setattr(backends, "try_to_escape", lambda _tier: weak)
    with pytest.raises(backends.NoSandbox, match=r"the probe could .*read a file outside"):
        backends.choose("auto")


def test_without_bubblewrap_landlock_is_taken_and_says_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if landlock.abi() < landlock.LEAST_ABI:
        pytest.skip("no Landlock in this kernel")
    monkeypatch.setattr(bubblewrap, "available", lambda: None)
    tier = backends.choose("auto")
    assert tier.name == "landlock"
    assert any("names" in sentence for sentence in tier.smaller)


def test_without_either_nothing_runs_and_the_reasons_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bubblewrap, "available", lambda: None)
    monkeypatch.setattr(landlock, "abi", lambda: 1)
    with pytest.raises(backends.NoSandbox) as failure:
        backends.choose("auto")
    for part in ("bwrap is not installed", "offers Landlock 1, 3 is needed", "--no-sandbox"):
        assert part in str(failure.value)


def test_none_must_be_asked_for_and_is_recorded_by_name() -> None:
    tier = backends.choose("none")
    assert tier.name == "none"
    assert tier.smaller


def test_a_word_that_is_no_tier_is_refused() -> None:
    with pytest.raises(ValueError, match="no sandbox is called 'docker'"):
        backends.choose("docker")


def test_the_probe_runs_once_in_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []
    held = dict.fromkeys(probe.ATTEMPTS, "stopped")
    monkeypatch.setattr(backends, "try_to_escape", lambda tier: runs.append(tier) or held)
    monkeypatch.setattr(backends, "_missing", lambda _name: "")
    assert backends.choose("auto") is backends.choose("bwrap")
    assert len(runs) == 1


def test_a_probe_that_does_not_answer_is_no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends.Tier, "kernel_command", lambda *_, **__: ["/bin/false"])
    with pytest.raises(backends.NoSandbox, match="the probe did not run: exit code 1"):
        backends.try_to_escape(backends.Tier("bwrap", {}))
