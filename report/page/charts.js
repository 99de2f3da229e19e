// Threats and sanctions of the view, counted by speaker and by date, drawn by Chart.js.

const MOST_SPEAKERS = 10;
const LABELS = ["threat", "sanction"];
const drawn = {};

function count(statements, keyOf) {
  const counts = new Map();
  for (const s of statements) {
    if (!is(s, "threat") && !is(s, "sanction")) continue;
    const key = keyOf(s);
    if (!counts.has(key)) counts.set(key, { key, threat: 0, sanction: 0 });
    for (const label of LABELS) counts.get(key)[label] += is(s, label) ? 1 : 0;
  }
  return counts;
}

function bySpeaker(statements) {
  const counts = count(statements, (s) => s.speaker);
  const unnamed = counts.get(null);
  counts.delete(null);
  const all = [...counts.values()].sort((a, b) =>
    b.threat + b.sanction - a.threat - a.sanction || COLLATOR.compare(a.key, b.key));
  const notes = [];
  if (all.length > MOST_SPEAKERS) notes.push(`The first ${MOST_SPEAKERS} of ${all.length} speakers.`);
  if (unnamed) {
    notes.push(`Without a named speaker: ${counted(unnamed.threat, "threat")}, ${counted(unnamed.sanction, "sanction")}.`);
  }
  return { bars: all.slice(0, MOST_SPEAKERS), note: notes.join(" ") };
}

// Days, months or years: the finest that gives no more bars than can be read.
function byDate(statements) {
  const dated = statements.filter((s) => s.date !== null && LABEL_TESTS.either(s));
  if (!dated.length) return { bars: [], note: "" };
  const dates = dated.map((s) => s.date).sort();
  const [first, last] = [dates[0], dates.at(-1)];
  const days = (Date.parse(last) - Date.parse(first)) / 86_400_000;
  const length = days <= 45 ? 10 : days <= 5 * 366 ? 7 : 4;
  const counts = count(dated, (s) => s.date.slice(0, length));
  const bars = periods(first, last, length).map((key) =>
    counts.get(key) ?? { key, threat: 0, sanction: 0 });
  const undated = statements.filter(LABEL_TESTS.either).length - dated.length;
  return { bars, note: undated ? `${counted(undated, "labelled statement")} without a date.` : "" };
}

function periods(first, last, length) {
  const found = [];
  const day = new Date(`${first.slice(0, length)}${"-01-01".slice(length === 4 ? 0 : length === 7 ? 3 : 6)}T00:00:00Z`);
  for (;;) {
    const key = day.toISOString().slice(0, length);
    if (key > last.slice(0, length)) return found;
    found.push(key);
    if (length === 10) day.setUTCDate(day.getUTCDate() + 1);
    else if (length === 7) day.setUTCMonth(day.getUTCMonth() + 1);
    else day.setUTCFullYear(day.getUTCFullYear() + 1);
  }
}

// A colour of the style sheet as the browser resolves it, light or dark.
function colour(name) {
  const probe = element("span");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

function drawChart(id, { bars, note }, { horizontal, what, choose }) {
  const canvas = byId(id);
  canvas.parentElement.hidden = !bars.length;
  byId(`${id}-note`).textContent = bars.length ? note : `No threat or sanction ${what} in this view. ${note}`;
  canvas.setAttribute("aria-label", bars.length
    ? `Bar chart of ${counted(bars.length, "bar")}; the figures are in the table below it.` : "No bars.");
  figures(byId(`${id}-figures`), bars, choose);
  byId(`${id}-figures`).parentElement.hidden = !bars.length;
  drawn[id]?.destroy();
  if (!bars.length) return;
  const [ink, line] = [colour("ink"), colour("line")];
  const whole = { beginAtZero: true, ticks: { precision: 0, color: ink }, grid: { color: line, lineWidth: 0.3 } };
  const names = {
    ticks: { color: ink, autoSkip: !horizontal, callback(value) { return shortened(this.getLabelForValue(value)); } },
    grid: { display: false },
  };
  drawn[id] = new Chart(canvas, {
    type: "bar",
    data: {
      labels: bars.map((bar) => bar.key),
      datasets: LABELS.map((label) => ({
        label: `${label}s`, data: bars.map((bar) => bar[label]), backgroundColor: colour(label),
      })),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      indexAxis: horizontal ? "y" : "x",
      scales: horizontal ? { x: whole, y: names } : { x: names, y: whole },
      plugins: { legend: { labels: { color: ink } } },
      onClick: (_, hits) => { if (hits.length) choose(bars[hits[0].index].key); },
    },
  });
}

function shortened(name) {
  return name.length > 24 ? `${name.slice(0, 23)}…` : name;
}

function figures(table, bars, choose) {
  const head = element("tr");
  for (const name of ["", "threats", "sanctions"]) head.append(name ? element("th", name, { scope: "col" }) : element("td"));
  table.replaceChildren(head, ...bars.map((bar) => {
    const button = element("button", bar.key, { type: "button" });
    button.addEventListener("click", () => choose(bar.key));
    const name = element("th", "", { scope: "row" });
    name.append(button);
    const row = element("tr");
    row.append(name, element("td", String(bar.threat)), element("td", String(bar.sanction)));
    return row;
  }));
}
