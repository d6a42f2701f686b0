"""Reports in a browser: nothing fails, nothing is cut off, everything can be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.report.browser.conftest import HOSTILE

WIDE, NARROW = 1280, 360

# Elements wider than the page that do not scroll inside an element of their own.
OVERFLOWING = """
return [...document.querySelectorAll('body *')].filter(element => {
  const box = element.getBoundingClientRect();
  return box.right > document.documentElement.clientWidth + 1 && box.width > 0
    && !element.closest('.scroll, .picture, pre, svg');
}).map(element => element.outerHTML.slice(0, 120));
"""

BROKEN_IMAGES = "return [...document.images].filter(image => !image.complete || image.naturalWidth === 0).length;"
UNNAMED = """
return [...document.querySelectorAll('img, [role=img], ol.diagram')].filter(
  element => !(element.alt || element.getAttribute('aria-label'))).length;
"""
MISSING_ANCHORS = """
return [...document.querySelectorAll('a[href^="#"]')].filter(
  link => !document.getElementById(link.getAttribute('href').slice(1))).length;
"""
REPEATED_NAMES = """
const names = [...document.querySelectorAll('[id]')].map(element => element.id);
return names.filter((name, index) => names.indexOf(name) !== index);
"""

# The contrast of each text with the color behind it, as WCAG 2.2 defines it.
LOW_CONTRAST = """
const parse = color => (color.match(/[\\d.]+/g) || []).map(Number);
const light = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map(c => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const behind = element => {
  for (let e = element; e; e = e.parentElement) {
    const color = parse(getComputedStyle(e).backgroundColor);
    if (color.length === 3 || color[3] > 0) return color;
  }
  return [255, 255, 255];
};
const found = [];
for (const element of document.querySelectorAll('body *')) {
  const isText = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  if (!isText) continue;
  const style = getComputedStyle(element);
  const color = element.closest('svg') ? style.fill : style.color;
  const [a, b] = [light(parse(color)), light(behind(element))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5) found.push(ratio.toFixed(2) + ' ' + element.outerHTML.slice(0, 100));
}
return found;
"""


def show(browser: Any, page: Path, width: int, scheme: str = "light", medium: str = "screen") -> None:
    """Open a page in a window of a width, with a color scheme."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width == NARROW}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": medium, "features": features})
    browser.get(page.as_uri())
    browser.execute_script("document.querySelectorAll('details').forEach(details => { details.open = true; });")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_nothing_fails_and_nothing_is_wider_than_the_page(browser: Any, page: Path, width: int) -> None:
    show(browser, page, width)
    assert browser.get_log("browser") == []
    assert browser.execute_script(OVERFLOWING) == []
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert browser.execute_script(BROKEN_IMAGES) == 0
    assert browser.execute_script("return document.scripts.length") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_contrast_in_both_schemes(browser: Any, page: Path, scheme: str) -> None:
    show(browser, page, WIDE, scheme)
    dark = browser.execute_script("return matchMedia('(prefers-color-scheme: dark)').matches")
    assert dark == (scheme == "dark")
    assert browser.execute_script(LOW_CONTRAST) == []


def test_pictures_have_texts_and_links_have_targets(browser: Any, page: Path) -> None:
    show(browser, page, WIDE)
    assert browser.execute_script(UNNAMED) == 0
    assert browser.execute_script(MISSING_ANCHORS) == 0
    assert browser.execute_script(REPEATED_NAMES) == []
    assert browser.execute_script("return document.querySelectorAll('svg, table').length") > 0


def test_it_can_be_printed(browser: Any, page: Path) -> None:
    show(browser, page, WIDE, "dark", "print")
    paper = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(255, 255, 255)"
    assert browser.execute_script(LOW_CONTRAST) == []
    assert len(browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"]) > 10_000


@pytest.mark.parametrize("page", ["hostile"], indirect=True)
def test_hostile_names_are_text(browser: Any, page: Path) -> None:
    show(browser, page, WIDE)
    assert browser.title == "hostile"
    text = browser.execute_script("return document.body.innerText")
    assert f"kind {HOSTILE}" in text
    assert browser.execute_script("return document.querySelectorAll('img, script, iframe').length") == 0
