"use strict";
// Sorting: by the number of a cell where it has one, else by its text; cells without a value come last.
for (const table of document.querySelectorAll("table")) {
  const heads = [...table.tHead.rows[0].cells];
  for (const [column, head] of heads.entries()) {
    const button = head.querySelector("button");
    if (!button) continue;
    button.addEventListener("click", () => {
      const isNumber = head.classList.contains("number");
      // Numbers begin with the largest, texts with the first.
      const before = head.getAttribute("aria-sort");
      const down = before === "none" ? isNumber : before === "ascending";
      for (const other of heads) if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => {
        const cell = row.cells[column];
        if (!isNumber) return cell.textContent;
        return cell.dataset.sort === undefined ? NaN : Number(cell.dataset.sort);
      };
      const keyed = [...table.tBodies[0].rows].map((row) => [key(row), row]);
      keyed.sort(([a], [b]) => {
        if (isNumber) {
          if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b);
          return down ? b - a : a - b;
        }
        return a.localeCompare(b, undefined, { numeric: true }) * (down ? -1 : 1);
      });
      table.tBodies[0].append(...keyed.map(([, row]) => row));
    });
  }
}
// Values under the pointer.
const tip = document.getElementById("tip");
const show = (event) => {
  const target = event.target instanceof Element ? event.target.closest("[data-tip]") : null;
  tip.hidden = !target;
  if (!target) return;
  tip.textContent = target.dataset.tip;
  const box = tip.getBoundingClientRect();
  const x = Math.max(4, Math.min(event.clientX + 12, innerWidth - box.width - 4));
  const below = event.clientY + 16;
  tip.style.left = x + "px";
  tip.style.top = (below + box.height > innerHeight ? event.clientY - box.height - 8 : below) + "px";
};
for (const kind of ["pointermove", "pointerdown"]) document.addEventListener(kind, show);
document.addEventListener("pointerleave", () => { tip.hidden = true; });
document.addEventListener("scroll", () => { tip.hidden = true; }, true);
