"""Pages in a real browser: accessibility, keyboard operation, network requests."""

from __future__ import annotations

import base64
import os
import struct
from collections import Counter
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from tests.browser.conftest import ARTEFACTS, FOUND, Watch

ARTICLE = "/page/article/Kosovo%E2%80%93Serbia_relations"
PAGES = {
    "home": "/",
    "queries": "/queries",
    "timeline": "/queries/dyad-timeline?one=Kosovo&other=Serbia",
    "bars": "/queries/quad-counts",
    "ranked": "/queries/publishers",
    "line": "/queries/references-by-year",
    "network": "/queries/co-participation",
    "mistake": "/queries/dyad-timeline?one=Nobody&other=Serbia",
    "search": "/search?q=vučić",
    "state": "/page/Kosovo",
    "agreement": "/page/Brussels_Agreement_(2013)",
    "article": ARTICLE,
    "dyad": "/dyad?one=Kosovo&other=Serbia",
    "choose": "/dyad",
    "categories": "/categories",
    "category": "/category/CONSULT",
    "sparql": "/sparql",
    "about": "/about",
    "articles": "/articles",
    "events": "/events",
    "map": "/queries/places-by-year",
    "misspelt": "/search?q=armeenia",
    "changes": "/changes",
    "preview": "/reconcile/preview?id=Serbia",
    "api": "/api",
    "dumps": "/dumps/",
    "pairs": "/dyad?one=Kosovo&other=Serbia&also=Albania&also=Germny",
    "ontology": "/ontology",
}
SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 900}}
WIDTHS = (390, 768, 1280, 1600)
AXE = Path(os.environ.get("ENTENTE_AXE", "/nowhere"))


def axe(page) -> tuple[list[str], int]:
    """Return the violations that axe-core finds (WCAG 2.2 AA and best practices), and the number of rules passed."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } })")
    return [f"{v['id']}: {v['help']}: {[n['target'] for n in v['nodes'][:3]]}" for v in found["violations"]], len(found["passes"])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_pages_in_light_and_dark_at_every_width(browser, site: str, watch: Watch, name: str, size: str) -> None:
    context = browser.new_context(viewport=SIZES[size], reduced_motion="reduce")
    page = context.new_page()
    watch.over(page, site)
    assert page.goto(site + PAGES[name], wait_until="networkidle").status == 200
    page.evaluate("document.querySelectorAll('details.correct').forEach((box) => { box.open = true })")  # correct it, cite it
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    wrong = [f"the page is {wide} pixels wider than the window"] if wide > 0 else []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=ARTEFACTS / f"{name}-{size}-{scheme}.png", full_page=name not in ("article", "state"))
        violations, passed = axe(page)
        FOUND.append((f"{name} {size} {scheme}", passed, len(violations)))
        wrong += violations
    context.close()
    assert not wrong, wrong


def test_no_page_is_wider_than_its_window(browser, site: str) -> None:
    page = browser.new_page(reduced_motion="reduce")
    wide = []
    for name, path in PAGES.items():
        page.goto(site + path, wait_until="networkidle")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wide.append(f"{name} at {width}")
    page.close()
    assert not wide, wide


def test_the_map_shows_the_years_that_its_sliders_choose(browser, seed_site: str, watch: Watch) -> None:
    """By keyboard alone, as the table says."""
    page = browser.new_page(viewport=SIZES["desktop"])
    watch.over(page, seed_site)
    page.goto(f"{seed_site}/queries/places-by-year", wait_until="networkidle")
    page.wait_for_selector(".map circle")
    headings = page.locator("#answer thead th").all_inner_texts()
    table = [dict(zip(headings, row, strict=True)) for row in page.eval_on_selector_all("#answer tbody tr", ROWS)]
    shown = page.locator(".map circle title")
    assert {mark.partition(":")[0] for mark in shown.all_text_contents()} == {row["Place"] for row in table}
    years = sorted({int(row["Year"]) for row in table})
    first, last = page.get_by_label("From year"), page.get_by_label("to year")
    last.focus()
    page.keyboard.press("Home")
    assert page.locator(".slider output").all_inner_texts() == [str(years[0])] * 2
    assert_places(shown, table, {years[0]})
    for year in range(years[0] + 1, years[2] + 1):
        page.keyboard.press("ArrowRight")
        assert last.get_attribute("aria-valuetext") == str(year)
    assert_places(shown, table, set(years[:3]))
    page.keyboard.press("End")
    page.keyboard.press("Shift+Tab")
    assert first.evaluate("input => input === document.activeElement")
    page.keyboard.press("End")
    assert_places(shown, table, {years[-1]})
    page.close()


ROWS = "rows => rows.map((row) => [...row.cells].map((cell) => cell.innerText))"


def assert_places(shown, table: list[dict[str, str]], years: set[int]) -> None:
    """Assert that the map's marks are the places of the rows of these years, with their numbers of events."""
    expected: Counter[str] = Counter()
    for row in table:
        if int(row["Year"]) in years:
            expected[row["Place"]] += int(row["Events"])
    marks = (mark.partition(": ") for mark in shown.all_text_contents())
    assert {name: int(number or 1) for name, _, number in marks} == expected


def test_pages_of_each_kind_of_thing(browser, hostile_site: str, watch: Watch) -> None:
    context = browser.new_context(viewport=SIZES["desktop"])
    page = context.new_page()
    watch.over(page, hostile_site)
    found = []
    facts = ("event/e1", "event/e6", "event/e8", "Treaty_of_Strelsau", "tenure/t1", "passage/p4", "citation/c2")
    for path in (*facts, "Strelsau", "Rudolf_Đurić", "%253Cscript%253Ealert(1)%253C/script%253E"):
        page.goto(f"{hostile_site}/page/{path}", wait_until="networkidle")
        page.evaluate("document.querySelectorAll('details.correct').forEach((box) => { box.open = true })")
        violations, passed = axe(page)
        FOUND.append((path, passed, len(violations)))
        found += [f"{path}: {violation}" for violation in violations]
    context.close()
    assert not found, found


def test_texts_that_try_to_run_do_not(browser, hostile_site: str, watch: Watch) -> None:
    page = browser.new_page()
    watch.over(page, hostile_site)
    for path in (
        "/",
        "/queries/publishers",
        "/queries/single-source",
        "/queries/co-participation?least=1",
        "/queries/places",
        "/search?q=<script>alert(9)</script>",
    ):
        page.goto(hostile_site + path, wait_until="networkidle")
    page.goto(hostile_site, wait_until="networkidle")
    page.locator("#big").press_sequentially("<script")
    page.wait_for_selector("#big ~ .options li")
    assert "<script>alert(1)</script>" in page.locator("#big ~ .options").inner_text()
    page.close()


def test_the_policy_stops_what_is_injected(browser, site: str) -> None:
    page = browser.new_page()
    page.goto(site, wait_until="networkidle")
    page.evaluate("""() => {
        const script = document.createElement('script');
        script.textContent = 'window.injected = true';
        document.body.append(script);
        const image = document.createElement('img');
        image.setAttribute('onerror', 'window.injected = true');
        image.src = '/static/nothing.png';
        document.body.append(image);
    }""")
    page.wait_for_timeout(200)
    assert page.evaluate("window.injected") is None
    page.close()


def test_a_form_is_filled_and_sent_by_keyboard_alone(browser, site: str, watch: Watch) -> None:
    page = browser.new_page()
    watch.over(page, site)
    page.goto(f"{site}/queries/agreements-between", wait_until="networkidle")
    page.locator("#p-state").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("armen", delay=20)
    page.wait_for_selector(".options li")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("#p-state").input_value() == "Armenia"
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("Turkey")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url("**/queries/agreements-between?state=*")
    assert "state=https%3A%2F%2Fw3id.org%2Fentente%2Fresource%2FArmenia" in page.url
    assert page.locator("#answer tbody tr").count() > 3
    page.close()


def test_every_control_is_reached_by_tab_and_seen(browser, site: str) -> None:
    page = browser.new_page(viewport=SIZES["desktop"])
    page.goto(f"{site}/dyad", wait_until="networkidle")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen = page.evaluate("""() => {
            const it = document.activeElement;
            const style = getComputedStyle(it);
            return [it.tagName, it.id || it.textContent.trim().slice(0, 30), style.outlineStyle !== 'none' && style.outlineWidth !== '0px'];
        }""")
        if seen[0] == "BODY":
            break
        assert seen[2], f"{seen[:2]} does not show that it has the focus"
        reached.add(seen[1])
    assert {"Skip to the content", "one", "other", "find", "Queries"} <= reached
    page.close()


def test_search_suggests_while_one_types(browser, site: str, watch: Watch) -> None:
    page = browser.new_page()
    watch.over(page, site)
    page.goto(site, wait_until="networkidle")
    page.locator("#find").press_sequentially("thaci", delay=20)
    page.wait_for_selector("#find ~ .options li")
    assert "Hashim Thaçi" in page.locator("#find ~ .options").inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/page/Hashim_Tha*")
    assert page.locator("h1").inner_text() == "Hashim Thaçi"
    page.close()


def test_drawings_hold_what_their_tables_hold(browser, site: str, hostile_site: str) -> None:
    page = browser.new_page(viewport=SIZES["desktop"])
    page.goto(f"{site}/queries/co-participation", wait_until="networkidle")
    page.wait_for_selector(".network line")
    names = set(page.locator("#answer tbody td:nth-child(-n+2)").all_inner_texts())
    assert page.locator(".network line").count() == page.locator("#answer tbody tr").count()
    assert page.locator(".network circle").count() == len(names)
    across = page.eval_on_selector_all(".network circle", "all => all.map((each) => each.getBoundingClientRect().x)")
    assert max(across) - min(across) > page.locator(".network").bounding_box()["width"] / 2
    page.goto(f"{hostile_site}/queries/places", wait_until="networkidle")
    page.wait_for_selector(".map circle")
    assert page.locator(".map circle").count() == 2
    page.goto(f"{site}/queries/publishers", wait_until="networkidle")
    shown = page.locator(".bar-value").all_inner_texts()
    column = page.locator("#answer tbody td:nth-child(2)").all_inner_texts()
    assert shown == column[: len(shown)]
    page.goto(f"{site}/queries/references-by-year", wait_until="networkidle")
    assert page.evaluate("document.querySelector('.lines svg.plot').clientWidth >= document.querySelector('.lines').clientWidth - 1")
    page.goto(f"{site}/queries/publishers", wait_until="networkidle")
    widths = [float(w.rstrip("%")) for w in page.eval_on_selector_all(".hbar-list rect", "all => all.map(r => r.getAttribute('width'))")]
    assert widths == pytest.approx([100 * int(n) / int(shown[0]) for n in shown], abs=0.02)
    page.close()


@pytest.mark.parametrize("name", ["queries/publishers", "queries/co-participation", "page/Kosovo"])
def test_a_chart_is_saved_with_its_title_and_source(browser, site: str, name: str) -> None:
    page = browser.new_page(viewport=SIZES["desktop"])
    page.goto(f"{site}/{name}", wait_until="networkidle")
    button = page.get_by_role("button", name="Save as SVG").first
    button.wait_for()
    with page.expect_download() as download:
        button.click()
    saved = ElementTree.parse(download.value.path()).getroot()
    words = [text.text for text in saved.iter("{http://www.w3.org/2000/svg}text")]
    assert words[0].startswith(page.locator("h1").inner_text())
    assert words[-1].startswith("Source: Entente, build ")
    assert len(words) > 5
    page.close()


def test_pairs_stay_chosen_and_are_told_apart_in_a_saved_chart(browser, site: str, watch: Watch) -> None:
    """A form that is sent again keeps all further pairs; a saved chart has its legend, and its whole address as source."""
    page = browser.new_page(viewport=SIZES["desktop"])
    watch.over(page, site)
    page.goto(f"{site}/dyad?one=Kosovo&other=Serbia&also=Albania", wait_until="networkidle")
    page.locator("#also").fill("Montenegro")
    for code in ("", "CONSULT"):
        page.locator("#category").select_option(code)
        page.get_by_role("button", name="Show", exact=True).click()
        page.wait_for_url(f"**category={code}&*")
        assert [page.locator(f"#also{i}").input_value() for i in (1, 2)] == ["Albania", "Montenegro"]
    page.go_back(wait_until="networkidle")
    assert page.locator("#category").input_value() == ""
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as SVG").first.click()
    saved = ElementTree.parse(download.value.path()).getroot()
    words = [text.text or "" for text in saved.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Kosovo and Serbia", "Kosovo and Albania", "Kosovo and Montenegro"} <= set(words)
    address = "".join(words).partition("/dyad?")[2]
    assert [address.count(f"{name}=") for name in ("one", "other", "also", "category")] == [1, 1, 2, 0]
    page.close()


@pytest.mark.parametrize("name", ["queries/publishers", "queries/co-participation"])
def test_a_chart_is_saved_as_a_picture_with_its_source(browser, site: str, name: str) -> None:
    """Twice as large as on the page; the last line, which says where it comes from, is not empty."""
    page = browser.new_page(viewport=SIZES["desktop"])
    page.goto(f"{site}/{name}", wait_until="networkidle")
    width, height = page.locator("figure.chart > svg.plot, figure.chart > .hbar-list, .network > svg").first.evaluate(
        "drawn => { const { width, height } = drawn.getBoundingClientRect(); return [width, height]; }"
    )
    button = page.get_by_role("button", name="Save as PNG").first
    button.focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    saved = Path(download.value.path()).read_bytes()
    assert (saved[:8], download.value.suggested_filename) == (b"\x89PNG\r\n\x1a\n", "entente-chart.png")
    size = struct.unpack(">II", saved[16:24])
    assert size == pytest.approx((2 * (width + 32), 2 * (height + 72)), abs=4)
    colours = page.evaluate(COLOURS_OF_THE_LAST_LINE, base64.b64encode(saved).decode())
    assert colours > 1
    page.close()


COLOURS_OF_THE_LAST_LINE = """async (data) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(picture.width, 40);
    const drawn = canvas.getContext("2d");
    drawn.drawImage(picture, 0, 40 - picture.height);
    return new Set(new Uint32Array(drawn.getImageData(0, 0, picture.width, 40).data.buffer)).size;
}"""


def test_the_editor_asks_shows_and_keeps(browser, site: str, watch: Watch) -> None:
    context = browser.new_context(viewport=SIZES["desktop"])
    page = context.new_page()
    watch.over(page, site)
    page.goto(f"{site}/sparql", wait_until="networkidle")
    page.wait_for_selector(".cm-content")
    page.get_by_role("button", name="Run").click()
    page.wait_for_selector(".answer-body tbody tr")
    assert page.locator(".answer-body tbody tr").count() == 50
    assert page.locator(".answer-body a[href^='/page/event/']").count() == 50
    page.get_by_role("button", name="Raw").click()
    assert '"bindings"' in page.locator(".answer-body pre").inner_text()
    page.get_by_label("Example").select_option(label="Who mediated most")
    page.get_by_role("button", name="Run").click()
    page.wait_for_selector(".views button:has-text('Chart')")
    page.get_by_role("button", name="Chart").click()
    assert page.locator(".answer-body rect").count() > 3
    violations, _ = axe(page)
    assert not violations, violations
    page.reload(wait_until="networkidle")
    assert page.locator(".tab").count() == 2
    context.close()


def test_the_editor_shows_terms_by_their_prefix_and_tells_of_no_rows(browser, site: str) -> None:
    context = browser.new_context(viewport=SIZES["desktop"])
    page = context.new_page()
    for query, cells in (("SELECT ?how { BIND(ent:asserted AS ?how) }", ["ent:asserted"]), ("SELECT ?how { ?how a ent:Nothing }", [])):
        page.goto(f"{site}/sparql?query={quote(query)}", wait_until="networkidle")
        page.get_by_role("button", name="Run").click()
        page.wait_for_selector(".answer-body table")
        assert page.locator(".answer-body thead th").all_inner_texts() == ["how"]
        assert page.locator(".answer-body td").all_inner_texts() == cells
    context.close()


def test_the_editor_completes_and_points_at_mistakes(browser, site: str) -> None:
    context = browser.new_context(viewport=SIZES["desktop"])
    page = context.new_page()
    page.goto(f"{site}/sparql", wait_until="networkidle")
    page.get_by_role("button", name="+ New").click()
    page.locator(".cm-content").click()
    page.keyboard.type("SELECT ?e WHERE { ?e ent:medi")
    page.wait_for_selector(".cm-tooltip-autocomplete li")
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")
    text = page.locator(".cm-content").inner_text()
    assert "PREFIX ent: <https://w3id.org/entente/ontology#>" in text
    assert "ent:mediator" in text
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".cm-lintRange-error, .problem-text")
    assert page.locator(".problem-text").count() == 1
    context.close()


def test_pages_work_without_scripts(browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=SIZES["desktop"])
    page = context.new_page()
    page.goto(f"{site}/queries/dyad-timeline")
    page.locator("#p-one").fill("Armenia")
    page.locator("#p-other").fill("Turkey")
    page.get_by_role("button", name="Ask").click()
    assert page.locator("#answer tbody tr").count() > 5
    assert page.locator("svg.plot circle").count() > 5
    page.goto(f"{site}/sparql")
    assert page.locator("textarea").is_visible()
    assert not page.locator("label.examples").is_visible()
    page.locator("select[name=format]").select_option("csv")
    assert page.locator("form.sparql button[type=submit]").is_visible()
    page.goto(f"{site}/")
    page.locator("#big").fill("Zurich")
    page.locator(".big-find button").click()
    assert page.locator(".hits li").count() > 0
    context.close()


def test_the_choice_of_light_or_dark_is_kept(browser, site: str) -> None:
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    page.goto(site, wait_until="networkidle")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Light or dark").click()
    page.get_by_role("button", name="Light or dark").click()
    page.goto(f"{site}/queries", wait_until="networkidle")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    context.close()


def test_the_page_prints_its_evidence_without_the_site(browser, hostile_site: str) -> None:
    page = browser.new_page()
    page.goto(f"{hostile_site}/page/event/e1", wait_until="networkidle")
    page.emulate_media(media="print")
    assert not page.locator("header.site nav").is_visible()
    assert page.locator(".evidence blockquote").is_visible()
    page.close()
