// Compile what Python imports when a page starts it, with the very Python that runs there.
//
//     node course/live/bytecode.mjs RUNTIME TARGET FOLDER...
//
// RUNTIME is a folder as `vendor/pyodide/`. The FOLDERs hold `course` and `stridescope`: these
// determine what is imported, and are not compiled themselves. TARGET is a zip archive with a file
// for each module of the standard library (`stdlib/...`) and of NumPy (`numpy/...`). Without
// FOLDERs, nothing is written: the exit code tells whether each module in TARGET is what its source
// compiles to.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [runtime, target, ...folders] = process.argv.slice(2).map((name) => path.resolve(name));
const { loadPyodide } = await import(pathToFileURL(path.join(runtime, "pyodide.mjs")).href);
const python = await loadPyodide({
  indexURL: `${runtime}${path.sep}`,
  // Without the columns of errors, which only help in code of one's own: a third smaller.
  env: { PYTHONDONTWRITEBYTECODE: "1", PYTHONNODEBUGRANGES: "1" },
});
const wheel = fs.readdirSync(runtime).find((name) => /^numpy-.*\.whl$/.test(name));
const lend = (/** @type {string} */ name, /** @type {string} */ file) =>
  python.FS.writeFile(name, new Uint8Array(fs.readFileSync(file)));
lend("/stdlib.zip", path.join(runtime, "python_stdlib.zip"));
lend("/numpy.zip", path.join(runtime, wheel ?? ""));
if (folders.length === 0) lend("/found.zip", target);
for (const [k, folder] of folders.entries()) {
  python.FS.mkdirTree(`/from/${k}`);
  python.mountNodeFS(`/from/${k}`, folder);
}
const differ = python.runPython(`
import glob, importlib.util, marshal, sys, zipfile

HEADER = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + bytes(8)  # never checked
STEADY = (1980, 1, 1, 0, 0, 0)
VERSION = "{}{}".format(*sys.version_info)
SOURCES = {
    "stdlib": (zipfile.ZipFile("/stdlib.zip"), f"/lib/python{VERSION}.zip/"),
    "numpy": (zipfile.ZipFile("/numpy.zip"), "/packages/"),
}

def compiled(part, name):
    archive, place = SOURCES[part]
    return compile(archive.read(name), place + name, "exec", dont_inherit=True)

# Mostly documentation, which takes no time to compile, but much room.
SLIM = ("numpy/_core/_add_newdocs",)

def imported():
    SOURCES["numpy"][0].extractall("/packages")
    sys.path[:0] = [*glob.glob("/from/*"), "/packages"]
    import numpy, course.live.kernel, stridescope
    for module in list(sys.modules.values()):
        origin = getattr(getattr(module, "__spec__", None), "origin", None) or ""
        for part, (_, place) in SOURCES.items():
            name = origin.removeprefix(place)
            if name != origin and name.endswith(".py") and not name.startswith(SLIM):
                yield part, name

def write():
    with zipfile.ZipFile("/made.zip", "w", zipfile.ZIP_DEFLATED) as made:
        for part, name in sorted(imported()):
            entry = zipfile.ZipInfo(f"{part}/{name}c", STEADY)
            data = HEADER + marshal.dumps(compiled(part, name))
            made.writestr(entry, data, zipfile.ZIP_DEFLATED, 9)
    return ""

def differing():
    found = zipfile.ZipFile("/found.zip")
    for name in found.namelist():
        part, _, file = name.removesuffix("c").partition("/")
        data = found.read(name)
        if data[:16] != HEADER or marshal.loads(data[16:]) != compiled(part, file):
            yield name

write() if ${folders.length ? "True" : "False"} else "\\n".join(differing())
`);
if (folders.length) fs.writeFileSync(target, python.FS.readFile("/made.zip"));
if (differ) console.error(differ);
process.exit(differ ? 1 : 0);
