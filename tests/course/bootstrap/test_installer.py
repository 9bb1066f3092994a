"""Installers get a user's indexes, proxies and certificates; failures say what really failed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from course.bootstrap import installer
from course.bootstrap.installer import InstallerError, environment_of, explained

pytestmark = pytest.mark.slow  # asks pip for its settings

PREFERENCES = {
    "PIP_USER": "1",
    "PIP_TARGET": "/elsewhere",
    "PIP_CONSTRAINT": "/nowhere.txt",
    "PIP_REQUIRE_HASHES": "1",
    "PIP_NO_BINARY": ":all:",
    "UV_CONSTRAINT": "/nowhere.txt",
    "UV_REQUIRE_HASHES": "1",
    "UV_EXCLUDE_NEWER": "2001-01-01",
    "UV_OFFLINE": "1",
    "UV_NO_BINARY": "1",
    "HATCH_BUILD_NO_HOOKS": "1",
    "SOURCE_DATE_EPOCH": "0",
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder without settings, and an environment that names nothing else."""
    for name in os.environ:
        if installer.OTHERS.fullmatch(name) or name in ("SSL_CERT_FILE", "HTTP_PROXY"):
            monkeypatch.delenv(name)
    for name in ("XDG_CONFIG_HOME", "HTTPS_PROXY", "XDG_CONFIG_DIRS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path))
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    return tmp_path


def found(**given: str) -> dict[str, str]:
    """Return what the installers get, apart from what is the same for everybody."""
    everything = environment_of(Path(sys.executable), {**os.environ, **given})
    assert everything.pop("PIP_CONFIG_FILE") == os.devnull
    assert everything.pop("UV_NO_CONFIG") == "1"
    return {
        name: value
        for name, value in everything.items()
        if name not in os.environ and name not in ("UV_HTTP_RETRIES", "UV_INDEX_STRATEGY")
    }


@pytest.mark.usefixtures("home")
def test_no_preference_comes_through() -> None:
    assert PREFERENCES.keys().isdisjoint(environment_of(Path(sys.executable), PREFERENCES))
    assert found(**PREFERENCES).keys().isdisjoint(PREFERENCES)


def test_the_settings_of_pip_count_for_uv_too(home: Path) -> None:
    (home / "pip.conf").write_text(
        "[global]\nindex-url = https://mirror/simple\ncert = /etc/own.pem\nuser = true\n"
        "proxy = http://proxy:3128\n[install]\nextra-index-url =\n  https://a\n  https://b\n"
    )
    assert (
        found().items()
        >= {
            "PIP_CERT": "/etc/own.pem",
            "PIP_EXTRA_INDEX_URL": "https://a https://b",
            "PIP_INDEX_URL": "https://mirror/simple",
            "PIP_PROXY": "http://proxy:3128",
            "HTTPS_PROXY": "http://proxy:3128",
            "HTTP_PROXY": "http://proxy:3128",
            "SSL_CERT_FILE": "/etc/own.pem",
            "UV_DEFAULT_INDEX": "https://mirror/simple",
            "UV_INDEX": "https://a https://b",
        }.items()
    )
    assert "PIP_USER" not in found()


def test_a_variable_is_preferred_to_a_file(home: Path) -> None:
    (home / "pip.conf").write_text("[install]\nindex-url = https://file\n")
    assert found(PIP_INDEX_URL="https://variable")["UV_DEFAULT_INDEX"] == "https://variable"


def test_the_settings_of_uv_count_for_pip_too(home: Path) -> None:
    (home / ".config" / "uv").mkdir(parents=True)
    (home / ".config" / "uv" / "uv.toml").write_text(
        'exclude-newer = "2001-01-01"\nnative-tls = true\n'
        '[[index]]\nname = "own"\nurl = "https://own"\n'
        '[[index]]\nurl = "https://mirror"\ndefault = true\n'
        '[[index]]\nurl = "https://torch"\nexplicit = true\n'
    )
    assert (
        found().items()
        >= {
            "PIP_EXTRA_INDEX_URL": "https://own",
            "PIP_INDEX_URL": "https://mirror",
            "UV_DEFAULT_INDEX": "https://mirror",
            "UV_INDEX": "own=https://own",
            "UV_NATIVE_TLS": "true",
        }.items()
    )
    assert "UV_EXCLUDE_NEWER" not in found()


@pytest.mark.parametrize("name", ["pip.conf", ".config/uv/uv.toml"])
def test_a_file_that_cannot_be_read_is_named(home: Path, name: str) -> None:
    (home / name).parent.mkdir(parents=True, exist_ok=True)
    (home / name).write_text("[[[\n")
    with pytest.raises(InstallerError) as raised:
        found()
    assert str(home / name) in str(raised.value)
    assert "correct" in str(raised.value).lower()


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("error: Failed to fetch: `https://x`\n  Caused by: dns error", "connect this machine"),
        ("ERROR: Could not find a version (from versions: none)", "connect this machine"),
        ("invalid peer certificate: UnknownIssuer", "set SSL_CERT_FILE"),
        ("SSLError(SSLCertVerificationError(1, 'CERTIFICATE_VERIFY_FAILED'))", "set SSL_CERT_FILE"),
        ("HTTP status client error (403 Forbidden) for url (https://x)", "a name and a password"),
        ("Failed to fetch\n  No space left on device (os error 28)", "The disk is full"),
        ("failed to create directory `/x`: Read-only file system (os error 30)", "writable"),
        ("Hash mismatch for `numpy==2.4.0`", "has other files than those"),
        ("Because there is no version of numpy==2.4.0 and you require it", "lacks a package"),
        ("Failed to build `pyzmq==26.0`", "another version of Python"),
        ("something that nobody has seen before", "the lines above say why"),
    ],
)
def test_a_failure_has_the_remedy_for_its_cause(said: str, remedy: str) -> None:
    told = explained(f"first line\n\n{said}\n")
    assert remedy in told.splitlines()[-1]
    assert f"  {said.splitlines()[-1].strip()}" in told


def test_an_installer_that_fails_is_quoted(tmp_path: Path) -> None:
    program = "import sys; print('é', file=sys.stderr); sys.exit('no space left on device')"
    command = [sys.executable, "-c", program]
    with pytest.raises(InstallerError) as raised:
        installer.run(command, tmp_path, dict(os.environ))
    assert str(raised.value).splitlines()[1:] == [
        "  no space left on device",
        "The disk is full: free about 1 GB, then run this command again.",
    ]
    installer.run([sys.executable, "-c", "print('fine')"], tmp_path, dict(os.environ))
