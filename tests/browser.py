"""A headless browser without network, to open the pages that the project writes."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from demo.stack import install_packages

# Chromium, or Chrome on an Ubuntu, where Chromium is not a Debian package.
_BROWSERS = ("chromium", "google-chrome")
_DRIVER = "chromedriver"
_OPTIONS = (
    "--headless",
    "--no-sandbox",  # it refuses root otherwise
    "--disable-gpu",
    "--disable-dev-shm-usage",  # small in containers
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # no network: a page must contain all that it needs
)


@contextmanager
def browser(folder: Path, *, width: int = 1400, height: int = 900) -> Iterator[Chrome]:
    """Start a browser. If there is none, Debian's Chromium is installed.

    Args:
        folder: where its profile and its logs go.
        width: of its window, in pixels.
        height: of its window, in pixels.

    Yields:
        The browser, as Selenium drives it: `get(path.as_uri())` opens a page.

    Raises:
        StackError: there is no browser, and Chromium cannot be installed.
    """
    found = next((program for program in _BROWSERS if shutil.which(program)), "chromium")
    packages = {found: "chromium", _DRIVER: "chromium-driver"}
    install_packages("Chromium", packages, folder / "apt.log", print)
    options = ChromeOptions()
    options.binary_location = shutil.which(found) or found
    for option in (*_OPTIONS, f"--window-size={width},{height}", f"--user-data-dir={folder / 'profile'}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    # The path of the driver is given, so that Selenium does not look for one on the network.
    driver = Chrome(options, Service(shutil.which(_DRIVER), log_output=str(folder / "driver.log")))
    try:
        yield driver
    finally:
        driver.quit()


def complaints(driver: Chrome) -> list[str]:
    """The browser's errors since the last call: errors of scripts, files not found."""
    entries = driver.get_log("browser")  # type: ignore[no-untyped-call]
    return [str(entry["message"]) for entry in entries if entry["level"] == "SEVERE"]
