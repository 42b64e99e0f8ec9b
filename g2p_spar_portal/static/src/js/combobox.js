// Search as one types, for the pages of provider and branch: a combobox with a list
// (WAI-ARIA 1.2). Without this module the page has a search button and radio buttons,
// which stay what is sent: choosing from the list checks one of them.

const WAIT = 250; // milliseconds without a key before the line is used
const PATIENCE = 15000; // a slow line gets its time; then the button is left

const input = document.querySelector("input[data-url]");
const told = document.getElementById("told");
const form = document.getElementById("choose");
const found = document.getElementById("found");

const list = document.createElement("ul");
let options = [];
let active = -1;
let running = null;
let timer = 0;

if (input && form && found) {
  list.id = "options";
  list.className = "options";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", found.querySelector("legend").textContent.trim());
  input.closest("form").append(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
  })) {
    input.setAttribute(name, value);
  }
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, WAIT);
  });
  input.addEventListener("keydown", onKey);
  input.addEventListener("blur", () => setTimeout(close, 150));
}

async function search() {
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  const patience = setTimeout(() => running.abort(), PATIENCE);
  const query = new URLSearchParams({ draft: input.dataset.draft, q: input.value });
  try {
    const answer = await fetch(`${input.dataset.url}?${query}`, { signal });
    if (answer.ok && answer.headers.get("Content-Type")?.includes("json")) {
      show(await answer.json());
    } else {
      // Logged out, or too fast: the button leads to a page that says so.
      close();
    }
  } catch {
    // Cancelled by the next letter, or no line: the button still works.
    if (running.signal === signal) {
      close();
    }
  } finally {
    clearTimeout(patience);
  }
}

function show({ rows, told: sentence }) {
  told.textContent = sentence;
  // What was found before is not what is looked for now.
  for (const label of found.querySelectorAll("label")) {
    if (!label.querySelector("input").checked) {
      label.remove();
    }
  }
  form.querySelector("button[type=submit]")?.toggleAttribute(
    "hidden",
    !found.querySelector("label"),
  );
  options = rows;
  active = -1;
  list.replaceChildren(...rows.map(option));
  open(rows.length > 0);
}

function option(row, index) {
  const item = document.createElement("li");
  item.id = `option-${index}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.append(words(row));
  item.addEventListener("pointerdown", (event) => event.preventDefault());
  item.addEventListener("click", () => choose(index));
  return item;
}

function words(row) {
  const text = document.createElement("span");
  text.append(bdi(row.name));
  if (row.place || row.with_code) {
    const more = document.createElement("span");
    more.className = "soft";
    more.append(...[row.place, row.with_code && row.code].filter(Boolean).map(bdi));
    text.append(more);
  }
  return text;
}

function bdi(text) {
  const piece = document.createElement("bdi");
  piece.textContent = text;
  return piece;
}

function open(isOpen) {
  list.hidden = !isOpen;
  input.setAttribute("aria-expanded", String(isOpen));
  mark(-1);
}

function close() {
  open(false);
}

function mark(index) {
  list.children[active]?.setAttribute("aria-selected", "false");
  active = index;
  const item = list.children[index];
  if (item) {
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", item.id);
  } else {
    input.removeAttribute("aria-activedescendant");
  }
}

function onKey(event) {
  const last = options.length - 1;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden) {
      open(options.length > 0);
      if (!options.length) {
        search();
      }
    }
    const step = event.key === "ArrowDown" ? 1 : -1;
    const from = active < 0 && step < 0 ? 0 : active;
    mark((from + step + options.length) % (last + 1 || 1));
  } else if (list.hidden) {
    return;
  } else if (event.key === "Enter" && active >= 0) {
    event.preventDefault();
    choose(active);
  } else if (event.key === "Escape") {
    event.preventDefault();
    close();
  }
}

function choose(index) {
  const row = options[index];
  close();
  input.value = row.name;
  found.querySelectorAll("label").forEach((label) => label.remove());
  const radio = document.createElement("input");
  Object.assign(radio, { type: "radio", name: "code", value: row.code, checked: true });
  const label = document.createElement("label");
  label.className = "choice";
  label.append(radio, words(row));
  found.append(label);
  document.getElementById("problem")?.remove();
  const button = form.querySelector("button[type=submit]");
  button.hidden = false;
  button.focus();
}
