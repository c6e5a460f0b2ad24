"""A headless Chromium that looks at a page: what is on it then, and what its console says."""

import os
import re
import shutil
import subprocess

import pytest

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome", "chrome") if (found := shutil.which(name))), None)

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is on the PATH")


class Seen:
    """A page after a time of its own clock."""

    def __init__(self, dom, console):
        self.dom = dom
        self.console = console

    def attribute(self, name):
        return re.search(rf'{name}="([^"]*)"', self.dom)[1]


def look_at(address, folder, milliseconds=3000, is_dark=False):
    """What Chromium has made of a page. Nothing but the page's own machine can be reached meanwhile."""
    words = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-extensions",
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        f"--user-data-dir={folder}/chromium",
        "--window-size=1200,900",
        f"--virtual-time-budget={milliseconds}",
        "--enable-logging=stderr",
        *(["--blink-settings=preferredColorScheme=0"] if is_dark else []),
        "--dump-dom",
        address,
    ]
    ran = subprocess.run(words, capture_output=True, text=True, timeout=90, env={**os.environ, "HOME": str(folder)})
    assert ran.returncode == 0, ran.stderr
    return Seen(ran.stdout, [line for line in ran.stderr.splitlines() if ":CONSOLE" in line])
