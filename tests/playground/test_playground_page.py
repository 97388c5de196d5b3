"""The playground in a real browser, from the built documentation, over a server of this machine alone."""

import importlib.util
import os
import shutil
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
BUILT = ROOT / "build" / "docs"
SOURCES = ROOT / "docs" / "playground"
CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 120_000  # milliseconds, for a machine with other things to do

pytestmark = pytest.mark.xdist_group("playground")


def leave_out(reason):
    """Leave a test out, unless there is to be a browser."""
    (pytest.fail if os.environ.get("BROWSER_TESTS") == "required" else pytest.skip)(reason)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def address():
    """Where the built documentation is served, if it is built and this is it."""
    if not (BUILT / "playground" / "manifest.json").exists():
        leave_out("the playground is not built: make docs builds it, where npm is")
    with zipfile.ZipFile(BUILT / "playground" / "python.zip") as packed:
        same = packed.read("answers.py") == (SOURCES / "answers.py").read_bytes()
    for source in (*SOURCES.glob("*.js"), *SOURCES.glob("*.css")):
        same &= source.read_bytes() == (BUILT / "playground" / source.name).read_bytes()
    if not same:
        leave_out("the playground that is built is an older one: run make docs")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=BUILT)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None or importlib.util.find_spec("playwright") is None:
        leave_out("chromium is not there, or playwright, which make installs where it is")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # not everybody has it

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def requests():
    return []


@pytest.fixture(scope="module")
def loaded(address, browser, requests):
    """A page in which Python is there and has answered."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    context.on("request", lambda request: requests.append(request.url))
    page = context.new_page()
    page.goto(f"{address}/playground.html")
    page.wait_for_selector(".pg-decisions")
    yield page
    context.close()


@pytest.fixture
def page(loaded):
    """The page as it is after loading: the story, at the width of a desk."""
    loaded.set_viewport_size({"width": 1280, "height": 900})
    loaded.click("#pg-reset")
    answered(loaded)
    return loaded


def answered(page):
    page.wait_for_selector("#pg:not([aria-busy])")


def write(page, name, text):
    """Write a document as a whole, and ask."""
    page.fill(f"#pg-{name}", text)
    page.press(f"#pg-{name}", "Control+Enter")
    answered(page)


def value(page, name):
    return page.input_value(f"#pg-{name}")


def titles(page):
    return page.locator("#pg-plan h3").all_inner_texts()


def test_the_story_is_answered(page):
    assert titles(page) == ["Ships now", "Waits for its street date, 19 Mar 2027", "Waits for stock", "Cancelled"]
    assert page.locator(".pg-decisions li").count() == 7
    assert "8 now, then 16 from 26 Feb 2027 on" in page.get_attribute("#pg-chart svg", "aria-label")
    assert page.inner_text("#pg-status").startswith("Order Ada: 3 parts, 1 cancellation.")


@pytest.mark.usefixtures("page")
def test_it_asks_nobody_but_the_server_it_came_from(address, requests):
    assert any(url.endswith("pyodide.asm.wasm") for url in requests)
    assert [url for url in requests if not url.startswith((f"{address}/", "data:", "blob:"))] == []


def test_an_edit_changes_the_plan_without_asking(page):
    page.fill("#pg-supply", value(page, "supply").replace('"TOTE": 1', '"TOTE": 2'))
    page.wait_for_function("!document.querySelector('.pg-cancelled')")
    assert "2 TOTE" in page.inner_text("#pg-plan .pg-ship_now .pg-units")
    assert page.inner_text("#pg-status").startswith("Order Ada: 3 parts. ")


def test_a_broken_document_says_what_is_wrong_and_the_last_answer_stays(page):
    before = page.inner_text("#pg-plan")
    write(page, "order", value(page, "order").replace('"quantity": 3', '"quantity": "three"'))
    said = page.inner_text("#pg-order-problems")
    assert "order.lines[3].quantity" in said
    assert "must be a whole number" in said
    assert "Traceback" not in page.inner_text("body")
    assert page.get_attribute("#pg-order", "aria-invalid") == "true"
    assert page.inner_text("#pg-plan") == before
    assert page.inner_text(".pg-answer:has(#pg-plan) .pg-stale") == "As it was before: mend the order first."
    assert page.locator(".pg-answer:has(#pg-served) .pg-stale").is_hidden()


def test_a_mended_document_is_answered_again(page):
    whole = value(page, "order")
    write(page, "order", whole[:-3])
    assert "is not JSON" in page.inner_text("#pg-order-problems")
    write(page, "order", whole)
    assert not page.locator("#pg-order-problems").inner_text()
    assert page.get_attribute("#pg-order", "aria-invalid") == "false"
    assert page.locator(".pg-answer:has(#pg-plan) .pg-stale").is_hidden()


def test_a_policy_is_chosen_and_says_whom_it_costs(page):
    page.select_option("#pg-policy-shortage", "strict")
    page.wait_for_selector(".pg-changes")
    assert page.inner_text(".pg-changes") == "Order Eve, line 1 gets 1 unit less."


def test_each_example_can_be_chosen(page):
    options = page.locator("#pg-example option").all_inner_texts()
    for title in options:
        page.select_option("#pg-example", label=title)
        answered(page)
        assert page.inner_text("#pg-status")
        assert page.inner_text("#pg-note")
    assert len(options) == 7


def test_now_and_the_zone_are_the_readers_too(page):
    page.fill("#pg-at", "2026-11-23T09:05")
    page.fill("#pg-zone", "Mars/Base")
    page.press("#pg-zone", "Enter")
    answered(page)
    assert "must be an IANA time zone" in page.inner_text("#pg-zone-problems")
    write(page, "zone", "Europe/Oslo")
    assert "Waits for its street date, 5 Feb 2027" in titles(page)


def test_a_link_holds_all_that_is_seen(page):
    page.select_option("#pg-policy-shortage", "skip")
    write(page, "supply", value(page, "supply").replace('"TOTE": 1', '"TOTE": 7'))
    page.click("#pg-share")
    page.wait_for_function("document.querySelector('#pg-status').textContent.startsWith('The link is')")
    fragment = page.evaluate("location.hash")
    page.click("#pg-reset")
    assert '"TOTE": 1' in value(page, "supply")
    page.evaluate("fragment => { location.hash = fragment }", fragment)
    page.wait_for_function("document.querySelector('#pg-supply').value.includes('\"TOTE\": 7')")
    assert value(page, "policy-shortage") == "skip"


def test_a_link_that_is_cut_short_leaves_the_story(page):
    page.evaluate("location.hash = '#play=abc'")
    page.wait_for_function("document.querySelector('#pg-status').textContent.includes('cannot be read')")
    assert '"id": "Ada"' in value(page, "order")


def test_the_keyboard_alone_reaches_and_leaves_everything(page):
    page.focus("#pg-example")
    reached = []
    for _ in range(40):
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
        page.keyboard.press("Tab")
        if page.evaluate("!document.activeElement.closest('#pg')"):
            break
    controls = ["pg-example", "pg-at", "pg-zone", "BUTTON", "pg-share", "pg-reset", "pg-order", "pg-supply", "SUMMARY"]
    controls += ["pg-queue", "pg-policy-queue", "pg-policy-shortage", "pg-policy-unit", "pg-policy-ration"]
    assert list(dict.fromkeys(reached)) == controls


def test_the_keyboard_alone_edits_and_asks(page):
    page.focus("#pg-order")
    page.keyboard.press("Control+End")
    page.keyboard.type("x")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#pg-order[aria-invalid=true]")
    page.keyboard.press("Backspace")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#pg-order[aria-invalid=false]")
    assert page.evaluate("document.activeElement.id") == "pg-order"


def test_each_field_has_a_name_and_news_are_told(page):
    fields = "[...document.querySelectorAll('#pg :is(input, select, textarea)')]"
    assert page.evaluate(f"{fields}.filter(field => !field.labels.length).map(field => field.id)") == []
    assert page.get_attribute("#pg-status", "role") == "status"


def test_a_phone_shows_it_without_scrolling_sideways(page):
    page.set_viewport_size({"width": 360, "height": 740})
    write(page, "order", value(page, "order").replace('"quantity": 3', '"quantity": "three"'))
    page.wait_for_function("document.querySelector('#pg-chart svg').clientWidth < 360")
    for area in ("html", "body", ".content"):
        assert not page.locator(area).evaluate("element => element.scrollWidth > element.clientWidth"), area
    beyond = "elements => elements.filter(element => element.getBoundingClientRect().right > innerWidth).length"
    assert page.locator("#pg :visible").evaluate_all(beyond) == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_can_be_read_in_both_themes(page, theme):
    page.evaluate("theme => { document.body.dataset.theme = theme }", theme)
    ratio = page.evaluate(
        """() => {
            const light = ([red, green, blue]) => [red, green, blue]
                .map(part => part / 255)
                .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
                .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
            const rgb = words => words.match(/[0-9.]+/g).slice(0, 3).map(Number);
            const ground = light(rgb(getComputedStyle(document.body).backgroundColor));
            const words = document.querySelectorAll('#pg-plan h3, #pg-plan p, .pg-badge, .pg-decisions span, #pg-note');
            return Math.min(...[...words].map(item => {
                const ink = light(rgb(getComputedStyle(item).color));
                return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
            }));
        }"""
    )
    page.evaluate("document.body.dataset.theme = 'auto'")
    assert ratio >= 4.5


def opened(browser, address, *, script="", without=""):
    """Open the page as a browser does that lacks something, or where a file is missing."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    if without:
        context.route(f"**/{without}", lambda route: route.fulfill(status=404))
    page = context.new_page()
    page.add_init_script(script)
    page.goto(f"{address}/playground.html")
    return context, page


def test_a_browser_without_webassembly_is_told(address, browser):
    context, page = opened(browser, address, script="delete globalThis.WebAssembly")
    page.wait_for_function("document.querySelector('#pg-notice').textContent.includes('needs WebAssembly')")
    context.close()


def test_pages_that_were_built_without_it_say_how_to_build_it(address, browser):
    context, page = opened(browser, address, without="manifest.json")
    page.wait_for_function("document.querySelector('#pg-notice').textContent.includes('make docs')")
    assert page.locator("#pg").is_hidden()
    context.close()


def test_it_says_how_much_is_loaded_and_that_it_failed(address, browser):
    context, page = opened(
        browser,
        address,
        without="pyodide.asm.wasm",
        script="""addEventListener('DOMContentLoaded', () => new MutationObserver(() => {
            globalThis.said = (globalThis.said ?? '') + document.querySelector('#pg-status').textContent;
        }).observe(document.querySelector('#pg-status'), {childList: true}))""",
    )
    page.wait_for_function("document.querySelector('#pg-notice').textContent.includes('did not load')")
    assert " MB, once." in page.evaluate("globalThis.said")
    context.close()
