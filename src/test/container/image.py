"""Reads what an image says and holds.

usage: image.py value INSPECTED KEY       the elements of a key of the configuration, a line each
       image.py config INSPECTED VERSION  checks the configuration
       image.py layers ARCHIVE BYTES      checks the layers of a docker-archive beyond the first
"""

import fnmatch
import json
import re
import sys
import tarfile

LAUNCHER = "/opt/postern/bin/postern"
CONTENT = [
    "bin/postern",
    "lib/*.jar",
    "lib/postern.aot",
    "runtime/*",
    "LICENSE",
    "THIRD-PARTY.txt",
]


def config(inspected):
    with open(inspected) as file:
        return json.load(file)["Docker"]["config"]


def value(found):
    if isinstance(found, dict) and "Test" in found:
        found = found["Test"]
    return found if isinstance(found, list) else [found]


def expect(what, actual, expected):
    if actual != expected:
        sys.exit(f"{what} is {actual!r}, expected {expected!r}")


def check_config(said, version):
    labels = {
        key.removeprefix("org.opencontainers.image."): label
        for key, label in said["Labels"].items()
        if key.startswith("org.opencontainers.image.")
    }
    for key, expected in {
        "title": "Postern",
        "licenses": "Apache-2.0",
        "version": version,
        "source": "https://example.test/postern",
    }.items():
        expect(f"label {key}", labels.get(key), expected)
    expect("a description", bool(labels.get("description")), True)
    expect("User", said["User"], "65532:65532")
    expect("Entrypoint", said["Entrypoint"], [LAUNCHER])
    expect("Cmd", said["Cmd"], ["serve"])
    expect("ports", sorted(said["ExposedPorts"]), ["9000/tcp", "9300/tcp", "9443/tcp"])
    expect("health check", said["Healthcheck"]["Test"], ["CMD", LAUNCHER, "healthcheck"])
    expect("volumes", said.get("Volumes") or {}, {})
    names = sorted(variable.split("=")[0] for variable in said["Env"])
    expect("environment", names, ["PATH", "XDG_STATE_HOME"])


def is_content(name, directory):
    if directory:
        return True
    inside = name.removeprefix("opt/postern/")
    return inside != name and any(fnmatch.fnmatchcase(inside, one) for one in CONTENT)


def check_layers(archive, limit):
    total = 0
    with tarfile.open(archive) as image:
        layers = json.load(image.extractfile("manifest.json"))[0]["Layers"]
        for layer in layers[1:]:
            with tarfile.open(fileobj=image.extractfile(layer)) as files:
                for entry in files:
                    total += entry.size
                    check_entry(entry)
    if total > limit:
        sys.exit(f"the layers beyond the base hold {total} bytes, more than {limit}")
    print(f"ok    {len(layers) - 1} layers beyond the base hold the program alone, {total / 1e6:.1f} MB")


def check_entry(entry):
    name = entry.name.rstrip("/")
    if not is_content(name, entry.isdir()):
        sys.exit(f"{name} does not belong into the image")
    if re.search(r"\.(java|class|pom|key|pem)$|\.m2(/|$)|maven", name):
        sys.exit(f"{name} is a leftover of the build")
    if not entry.issym() and entry.mode & 0o6002:
        sys.exit(f"{name} may be written by everybody or changes its user: {entry.mode:o}")
    if name == "var/lib/postern":
        expect("owner and mode of the state directory", (entry.uid, entry.gid, entry.mode & 0o777), (65532, 0, 0o775))
    elif name.startswith("opt/"):
        expect(f"owner of {name}", (entry.uid, entry.gid), (0, 0))


command, file, argument = sys.argv[1:]
if command == "value":
    print(*value(config(file)[argument]), sep="\n")
elif command == "config":
    check_config(config(file), argument)
elif command == "layers":
    check_layers(file, int(argument))
