// The filter box of the dictionary: hides the rows that lack one of the words.
document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector("input[data-filter]");
  if (!box) return;
  const rows = [...document.querySelectorAll(".dictionary tbody tr")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const count = document.querySelector(".filter-count");

  const filter = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    rows.forEach((row, i) => (row.hidden = !words.every((word) => texts[i].includes(word))));
    document.querySelectorAll(".dictionary").forEach((table) => {
      const empty = !table.querySelector("tbody tr:not([hidden])");
      table.hidden = empty;
      table.previousElementSibling.hidden = empty;
    });
    const shown = rows.filter((row) => !row.hidden).length;
    count.textContent = words.length ? `${shown} of ${rows.length} rows` : "";
  };
  box.addEventListener("input", filter);
  box.value = new URLSearchParams(location.search).get("filter") ?? "";
  filter();
});
