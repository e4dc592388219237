"""Runs a built test bundle, without SwiftPM in between, and reads what Swift Testing reports of it."""

import json
import os
import pathlib
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Outcome:
    """What became of the tests of one run."""

    def __init__(self, events, status, output, seconds):
        self.status, self.output, self.seconds = status, output, seconds
        names, self.failures, self.skipped, ended = {}, {}, {}, set()
        for line in events:
            record = json.loads(line)
            payload = record["payload"]
            if record["kind"] == "test" and payload["kind"] == "function":
                names[payload["id"]] = name(payload["id"])
            elif record["kind"] == "event" and payload.get("testID") in names:
                test = names[payload["testID"]]
                if payload["kind"] == "issueRecorded" and not payload.get("issue", {}).get("isKnown"):
                    text = " ".join(message["text"] for message in payload["messages"])
                    self.failures.setdefault(test, text)
                elif payload["kind"] == "testSkipped":
                    self.skipped[test] = " ".join(payload.get("_comments", []))
                elif payload["kind"] == "testEnded":
                    ended.add(test)
        self.passed = ended - self.failures.keys() - self.skipped.keys()
        # What was running when the process died.
        self.unfinished = set(names.values()) - ended - self.skipped.keys() if status not in (0, 1) else set()

    @property
    def is_green(self):
        return self.status == 0 and not self.failures and bool(self.passed)


def name(identifier):
    """Suite/test without the place in the source."""
    parts = identifier.split("/")
    return parts[0].split(".", 1)[-1] + "/" + parts[1] if len(parts) > 1 else identifier


def find(root=ROOT):
    """The bundle that scripts/test builds."""
    found = sorted(root.glob(".build/testing/*/release/*PackageTests.xctest"))
    if not found:
        raise SystemExit(f"{root}: no built tests; run scripts/test first")
    return found[0]


def run(bundle, pattern, environment=None, seconds=1800):
    """Runs the tests that a regular expression finds, with variables set (or, where None, unset)."""
    variables = dict(os.environ)
    for key, value in (environment or {}).items():
        if value is None:
            variables.pop(key, None)
        else:
            variables[key] = value
    with tempfile.TemporaryDirectory() as folder:
        events = pathlib.Path(folder) / "events"
        command = [bundle, "--testing-library", "swift-testing", "--event-stream-output-path", events,
                   "--event-stream-version", "0"] + (["--filter", pattern] if pattern else [])
        start = time.monotonic()
        try:
            done = subprocess.run(
                command, env=variables, capture_output=True, text=True, errors="replace", timeout=seconds, cwd=ROOT)
            status, output = done.returncode, done.stdout + done.stderr
        except subprocess.TimeoutExpired as error:
            status, output = -1, f"stopped after {error.timeout} s"
        took = time.monotonic() - start
        lines = events.read_text().splitlines() if events.exists() else []
    return Outcome(lines, status, output, took)
