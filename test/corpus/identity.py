"""The property that facts with and without skipping of system headers' function bodies are the same bytes, on real units."""
import pathlib
import json
import subprocess
import tempfile


def files(build):
    entries = json.loads((build / "compile_commands.json").read_text())
    return sorted({str(pathlib.Path(entry["directory"], entry["file"]).resolve()) for entry in entries})


def extract(heddle, file, build, source, output, *options):
    """Bytes of the facts, or what went wrong."""
    done = subprocess.run([heddle, "extract", file, "-p", str(build), f"--source-root={source}", "-o", str(output), *options],
                          capture_output=True, text=True)
    return output.read_bytes() if output.is_file() else f"ended with {done.returncode}: {done.stderr[-200:]}"


def compare(project, build, arguments):
    """Whether all are the same, and the row for the record."""
    source, different, every = build.parent / "source", [], files(build)
    with tempfile.TemporaryDirectory() as folder:
        skipped, whole = pathlib.Path(folder, "skipped.facts"), pathlib.Path(folder, "whole.facts")
        for file in every:
            first = extract(arguments.heddle, file, build, source, skipped)
            second = extract(arguments.heddle, file, build, source, whole, "--no-skip")
            if isinstance(first, str) or first != second:
                different.append(file)
                print(f"  {file}: facts with and without skipping differ{': ' + first if isinstance(first, str) else ''}")
            skipped.unlink(missing_ok=True)
            whole.unlink(missing_ok=True)
    print(f"  facts with and without skipping: {len(every) - len(different)} of {len(every)} units the same")
    return not different, {"same": f"{len(every) - len(different)} of {len(every)}"}
