"""Opens reports in headless Chromium from the disk and checks that they work and keep to themselves.

    python3 check_report.py REPORT.html... [--screenshots FOLDER]

Checked for each report, light and dark: nothing is asked of the network, the console stays silent, no dialogue opens, a
click on every heading of every table sorts its rows, a pointer over a bar or a number shows its value, no page is wider
than a telephone, and foreign script does not run. Needs playwright (pip install playwright) and a Chromium: that of
playwright, or the one that CHROMIUM names, or /usr/bin/chromium. Ends with 77 if one of them is missing.
"""

import argparse
import os
import pathlib
import sys

try:
    from playwright.sync_api import Error, sync_playwright
except ImportError:
    print("skipped: playwright is not installed (pip install playwright)")
    sys.exit(77)


def launch(playwright):
    system = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    choices = [{"executable_path": system}] if os.path.exists(system) else []
    for choice in choices + [{}]:
        try:
            return playwright.chromium.launch(args=["--no-sandbox"], **choice)
        except Error:
            continue
    print("skipped: no Chromium (apt-get install chromium, or playwright install chromium)")
    sys.exit(77)


def check(condition, sentence):
    if not condition:
        raise SystemExit(f"failed: {sentence}")


def cells(table, column):
    """The key of each row: a number, None for a cell without one, or a text."""
    return table.evaluate(
        """(table, column) => {
          const number = table.tHead.rows[0].cells[column].classList.contains("number");
          return [...table.tBodies[0].rows].map((row) => {
            const cell = row.cells[column];
            if (!number) return cell.textContent;
            return cell.dataset.sort === undefined ? null : Number(cell.dataset.sort);
          });
        }""",
        column,
    )


def check_sorting(page):
    sorted_columns = 0
    for table in page.locator("table").all():
        names = sorted(table.evaluate("t => [...t.tBodies[0].rows].map((row) => row.textContent)"))
        for column, head in enumerate(table.locator("th").all()):
            button = head.locator("button")
            if button.count() == 0:
                continue
            for _ in range(2):
                button.click()
                direction = head.get_attribute("aria-sort")
                keys = cells(table, column)
                if head.evaluate("h => h.classList.contains('number')"):
                    numbers = [key for key in keys if key is not None]
                    check(
                        numbers == sorted(numbers, reverse=direction == "descending"),
                        f"column {column} is {direction}, but {numbers[:8]}",
                    )
                    check(None not in keys[: len(numbers)], f"column {column}: cells without a value come last")
                else:
                    order = page.evaluate(
                        "keys => [...keys].sort((a, b) => a.localeCompare(b, undefined, {numeric: true}))", keys
                    )
                    check(
                        keys == (order[::-1] if direction == "descending" else order)
                        or len(set(keys)) < len(keys),
                        f"column {column} is {direction}, but {keys[:8]}",
                    )
            sorted_columns += 1
        check(
            names == sorted(table.evaluate("t => [...t.tBodies[0].rows].map((row) => row.textContent)")),
            "sorting keeps all rows",
        )
    check(sorted_columns > 0, "there is a table with headings that sort")
    return sorted_columns


def check_hovering(page):
    tip = page.locator("#tip")
    check(not tip.is_visible(), "no value is shown before the pointer is over one")
    seen = 0
    for selector in [".histogram .bin", "td.number[data-tip]", ".gallery img[data-tip]"]:
        targets = page.locator(selector)
        for index in {0, targets.count() // 2, targets.count() - 1} if targets.count() else []:
            target = targets.nth(index)
            target.scroll_into_view_if_needed()
            page.mouse.move(0, 0)
            box = target.bounding_box()
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            check(tip.is_visible(), f"a value is shown over {selector}")
            check(tip.inner_text() == target.get_attribute("data-tip"), f"the value of {selector} is shown")
            place = tip.bounding_box()
            size = page.viewport_size
            check(
                0 <= place["x"] and place["x"] + place["width"] <= size["width"] + 1, "the value is on the screen"
            )
            seen += 1
    check(seen > 0, "there is something with a value to hover over")
    return seen


def visit(browser, report, scheme, width, screenshots):
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, has_touch=width < 600
    )
    page = context.new_page()
    complaints, requests = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(f"dialogue: {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: requests.append(request.url))
    url = report.resolve().as_uri()
    page.goto(url)
    page.wait_for_load_state("networkidle")
    outside = [address for address in requests if address != url and not address.startswith("data:")]
    check(not outside, f"requests leave the page: {outside[:3]}")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    check(wide <= 0, f"the page is {wide} pixels wider than a screen of {width}")
    broken = page.evaluate(
        "[...document.images].filter((i) => i.loading !== 'lazy' && i.complete && !i.naturalWidth).length")
    check(broken == 0, f"{broken} pictures do not show")
    if screenshots:
        page.screenshot(path=f"{screenshots}/{report.parent.name}-{scheme}-{width}.png", full_page=True)
    columns, values = check_sorting(page), check_hovering(page)
    if screenshots:
        page.screenshot(path=f"{screenshots}/{report.parent.name}-{scheme}-{width}-hover.png")
    check(not complaints, f"the console says: {complaints[:3]}")
    outside = [address for address in requests if address != url and not address.startswith("data:")]
    check(not outside, f"requests leave the page: {outside[:3]}")

    # What came from anywhere else is not run, even if it had got into the page.
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.foreign = 1";
          document.body.append(script);
          const image = document.createElement("img");
          image.src = "https://example.invalid/x.png";
          document.body.append(image);
        }"""
    )
    check(page.evaluate("window.foreign === undefined"), "foreign script does not run")
    check(any("Content Security Policy" in text for text in complaints), "the policy is in force")
    context.close()
    return columns, values


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reports", nargs="+", type=pathlib.Path)
    parser.add_argument("--screenshots", type=pathlib.Path)
    arguments = parser.parse_args()
    if arguments.screenshots:
        arguments.screenshots.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for report in arguments.reports:
            for scheme in ["light", "dark"]:
                for width in [1200, 390]:
                    columns, values = visit(browser, report, scheme, width, arguments.screenshots)
                    print(f"{report}: {scheme}, {width} pixels: {columns} columns sort, {values} values shown")
        browser.close()


if __name__ == "__main__":
    main()
