"""Run pip and uv with the user's indexes, proxies and certificates, and no other setting of theirs.

A setting such as `user = true` or a constraint makes another environment than `requirements.lock`
describes, or none. What the user has for one of the two installers counts for both, so a mirror or
a certificate that is set up for pip alone is enough. Like all of `course.bootstrap`, this is the
standard library and the syntax of Python 3.6.
"""

import json
import os
import re
import subprocess
from pathlib import Path

PIP_KEPT = (
    "cache-dir",
    "cert",
    "client-cert",
    "extra-index-url",
    "find-links",
    "index-url",
    "keyring-provider",
    "no-index",
    "proxy",
    "timeout",
    "trusted-host",
)
"""Settings of pip that say where packages come from and how they are reached."""
UV_KEPT = re.compile(
    r"UV_(CACHE_DIR|CONCURRENT_\w+|CREDENTIALS_DIR|DEFAULT_INDEX|EXTRA_INDEX_URL|FIND_LINKS|INDEX"
    r"|INDEX_STRATEGY|INDEX_URL|INDEX_\w+_(USERNAME|PASSWORD)|INSECURE_HOST|KEYRING_PROVIDER"
    r"|LINK_MODE|NATIVE_TLS|NO_INDEX|SYSTEM_CERTS|HTTP\w*|REQUEST_TIMEOUT)"
)
"""The same for uv, as variables."""
UV_SETTINGS = {
    "allow-insecure-host": "UV_INSECURE_HOST",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "http-proxy": "HTTP_PROXY",
    "https-proxy": "HTTPS_PROXY",
    "index-strategy": "UV_INDEX_STRATEGY",
    "index-url": "UV_DEFAULT_INDEX",
    "keyring-provider": "UV_KEYRING_PROVIDER",
    "native-tls": "UV_NATIVE_TLS",
    "no-index": "UV_NO_INDEX",
    "no-proxy": "NO_PROXY",
    "system-certs": "UV_SYSTEM_CERTS",
}
"""The same in a file `uv.toml`, and the variable for each."""
OTHERS = re.compile(
    r"(PIP|UV|HATCH|SETUPTOOLS|DISTUTILS)_\w+|SOURCE_DATE_EPOCH|__PYVENV_LAUNCHER__"
)
"""All variables that an installer or a build reads."""
SAME = {
    "PIP_CERT": "SSL_CERT_FILE",
    "PIP_EXTRA_INDEX_URL": "UV_INDEX",
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_NO_INDEX": "UV_NO_INDEX",
    "PIP_TRUSTED_HOST": "UV_INSECURE_HOST",
}
"""What the two installers call the same thing."""
READ_PIP = """
import json
from pip._internal.configuration import Configuration
configuration = Configuration(isolated=False)
configuration.load()
found = {}
for name, value in configuration.items():
    found.update(value if isinstance(value, dict) else {name: value})
print(json.dumps(found))
"""
"""Prints pip's settings: those of its files, then those of variables."""
LINES = 8
"""How many of an installer's last lines are shown."""
CAUSES = {
    r"no space left|disk quota|os error (28|122)": (
        "The disk is full: free about 1 GB, then run this command again."
    ),
    r"read-only file system|permission denied|os error (13|30)": (
        "A file could not be written: make this folder writable for you, or copy it to a folder "
        "of your own and run this command there."
    ),
    r"unknownissuer|certificate|sslerror|ssl:": (
        "The certificate of the package index is not trusted: behind a proxy with a certificate of "
        "its own, set SSL_CERT_FILE to that certificate's file (PEM), then run this command again."
    ),
    r"hash(es)? mismatch|do not match the hashes": (
        "The package index has other files than those that requirements.lock names: use another "
        "index (set PIP_INDEX_URL and UV_DEFAULT_INDEX), then run this command again."
    ),
    r"\b40[137]\b|unauthorized|forbidden|proxy authentication": (
        "The package index or the proxy asks for a name and a password: put them into its address "
        "(PIP_INDEX_URL and UV_DEFAULT_INDEX, or HTTPS_PROXY), then run this command again."
    ),
    r"there is no version of|not at the requested version|no matching version": (
        "The package index lacks a package that requirements.lock names: use another index (set "
        "PIP_INDEX_URL and UV_DEFAULT_INDEX), then run this command again."
    ),
    r"failed to build|build backend|subprocess-exited-with-error|no wheels? with a matching": (
        "A package has no ready-made file for this Python and system: use another version of "
        "Python, from 3.11 on, as in `make PYTHON=python3.12 setup`."
    ),
    r"connect|network|dns|name resolution|timed out|timeout|unreachable|failed to fetch|retries"
    r"|sending request|from versions: none|could not be resolved": (
        "The packages could not be installed: connect this machine to the network (behind a "
        "mirror, set PIP_INDEX_URL and UV_DEFAULT_INDEX), then run this command again; it resumes "
        "where it stopped."
    ),
}
"""What an installer says, in lower case, and what to do. The first one that fits is meant."""


class InstallerError(Exception):
    """What an installer said last, and what to do about it."""


def run(command: "list[str]", folder: Path, environment: "dict[str, str]") -> None:
    """Run an installer in a folder.

    Raises
    ------
    InstallerError
        If it fails.
    """
    done = subprocess.run(
        command,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=str(folder),
        env=environment,
    )
    if done.returncode:
        raise InstallerError(explained(done.stdout.decode("utf-8", "replace")))


def explained(output: str) -> str:
    """Return the last lines of an installer that failed, and what to do."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    shown = "\n".join("  " + line for line in lines[-LINES:])
    said = "\n".join(lines).lower()
    for pattern, remedy in CAUSES.items():
        if re.search(pattern, said):
            return shown + "\n" + remedy
    return (
        shown + "\nThe packages could not be installed; the lines above say why. Nothing else has "
        "changed. Run this command again when you have dealt with it."
    )


def environment_of(python: Path, environment: "dict[str, str]") -> "dict[str, str]":
    """Return the environment in which both installers run.

    Parameters
    ----------
    python : Path
        The Python in `.venv`, which has pip.
    environment : dict of str to str
        The user's.
    """
    kept = {name: value for name, value in environment.items() if not OTHERS.fullmatch(name)}
    uv = {name: value for name, value in environment.items() if UV_KEPT.fullmatch(name)}
    if "UV_INDEX_URL" in uv:
        uv.setdefault("UV_DEFAULT_INDEX", uv.pop("UV_INDEX_URL"))
    if "UV_EXTRA_INDEX_URL" in uv:
        uv.setdefault("UV_INDEX", uv.pop("UV_EXTRA_INDEX_URL"))
    found = dict(settings_of_uv(environment), **kept)
    found.update(uv)
    found.update(settings_of_pip(python, environment))
    for of_pip, of_uv in SAME.items():
        if of_pip in found:
            found.setdefault(of_uv, found[of_pip])
        elif of_uv in found and of_uv.startswith("UV_"):
            found[of_pip] = re.sub(r"(?<!\S)[\w-]+=(?=\w+:)", "", found[of_uv])
    if "PIP_PROXY" in found:
        for name in ("HTTPS_PROXY", "HTTP_PROXY"):
            found.setdefault(name, found["PIP_PROXY"])
    # the hashes of the lock decide which file is installed, whichever index has it
    found.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    found.setdefault("UV_HTTP_RETRIES", "1")
    return dict(found, PIP_CONFIG_FILE=os.devnull, UV_NO_CONFIG="1")


def settings_of_pip(python: Path, environment: "dict[str, str]") -> "dict[str, str]":
    """Return the kept settings of pip, from its files and variables, as variables.

    Raises
    ------
    InstallerError
        If pip cannot read its files.
    """
    # not `pip config list`: with `user = true`, that shows one file only
    done = subprocess.run(
        [str(python), "-c", READ_PIP],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
    )
    output = done.stdout.decode("utf-8", "replace")
    if done.returncode:
        lines = "\n".join("  " + line for line in output.strip().splitlines()[-2:])
        raise InstallerError(
            lines + "\npip cannot read its settings: correct the file that it names, then run this "
            "command again."
        )
    settings = json.loads(output)
    found: dict[str, str] = {}
    for section in ("global", "install", ":env:"):  # the last one has priority
        for name in PIP_KEPT:
            if section + "." + name in settings:
                value = " ".join(str(settings[section + "." + name]).split())
                found["PIP_" + name.upper().replace("-", "_")] = value
    return found


def settings_of_uv(environment: "dict[str, str]") -> "dict[str, str]":
    """Return the kept settings of the user's and the system's `uv.toml`, as variables.

    Raises
    ------
    InstallerError
        If a file cannot be read.
    """
    import tomllib  # Python 3.11

    found: dict[str, str] = {}
    for file in uv_files(environment):
        try:
            tables = tomllib.loads(file.read_text("utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            raise InstallerError(
                f"{file}: {error}\nCorrect this file of uv's, then run this command again."
            ) from error
        for settings in (tables.get("pip", {}), tables):
            for name, variable in UV_SETTINGS.items():
                if name in settings:
                    found[variable] = as_text(settings[name])
        found.update(indexes(tables.get("index", [])))
    return found


def uv_files(environment: "dict[str, str]") -> "list[Path]":
    """Return where uv looks for its settings; the last file has priority."""
    if environment.get("UV_NO_CONFIG", "").lower() in ("1", "true"):
        return []
    if environment.get("UV_CONFIG_FILE"):
        return [Path(environment["UV_CONFIG_FILE"])]
    if os.name == "nt":
        folders = [environment.get(name, "") for name in ("PROGRAMDATA", "APPDATA")]
    else:
        own = environment.get("XDG_CONFIG_HOME") or str(Path("~/.config").expanduser())
        folders = ["/etc", own]
    return [Path(folder) / "uv" / "uv.toml" for folder in folders if folder]


def indexes(tables: "list[dict[str, object]]") -> "dict[str, str]":
    """Return the `[[index]]` tables of a `uv.toml` as variables."""
    found: dict[str, str] = {}
    named = []
    for table in tables:
        url = str(table.get("url", ""))
        if table.get("default"):
            found["UV_DEFAULT_INDEX"] = url
        elif not table.get("explicit"):
            named.append(f"{table['name']}={url}" if "name" in table else url)
    if named:
        found["UV_INDEX"] = " ".join(named)
    return found


def as_text(value: object) -> str:
    """Return a setting as the text of a variable."""
    if isinstance(value, list):
        return " ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
