/* The partner console. Whatever comes from a server is shown as text, never as HTML. */
(function () {
    "use strict";

    const POLL_MS = 2000;
    const byId = (id) => document.getElementById(id);
    const word = (name) => byId("words").querySelector(`[data-word="${name}"]`).textContent;
    const page = byId("console");
    let examples = [];
    let shown = "";

    /* === TALKING TO THE SERVER === */

    async function fetchJson(path, options) {
        const response = await fetch(path, { credentials: "same-origin", ...options });
        const type = response.headers.get("Content-Type") || "";
        if (response.redirected || !type.includes("json")) {
            throw new Error(response.status === 413 ? word("too-large") : word("no-answer"));
        }
        if (!response.ok) {
            throw new Error(word("gone"));
        }
        return response.json();
    }

    function say(text, isBad = false) {
        const place = byId("notice");
        place.textContent = text;
        place.classList.toggle("bad", isBad);
    }

    /* === MAKING ELEMENTS === */

    function make(tag, text = "", className = "") {
        const element = document.createElement(tag);
        element.textContent = text;
        element.className = className;
        return element;
    }

    function fillList(list, pairs) {
        list.replaceChildren(
            ...pairs.flatMap(([term, value]) => [make("dt", term), make("dd", value)])
        );
    }

    function fillRows(body, rows, emptyText) {
        if (rows.length) {
            body.replaceChildren(...rows);
            return;
        }
        const cell = make("td", emptyText);
        cell.colSpan = body.parentElement.tHead.rows[0].cells.length;
        const row = make("tr");
        row.append(cell);
        body.replaceChildren(row);
    }

    function pretty(text) {
        try {
            return JSON.stringify(JSON.parse(text), null, 2);
        } catch {
            return text;
        }
    }

    /* === THE MESSAGE === */

    function chosen() {
        const name = byId("operation").value;
        const mode = page.querySelector("input[name=mode]:checked").value;
        return examples.find((one) => one.name === name && one.mode === mode);
    }

    function showExample() {
        const example = chosen();
        byId("path").textContent = `POST ${example.path}`;
        byId("message").value = example.body;
    }

    /* A message is done once only: another one needs a name of its own. */
    function renew() {
        let content;
        try {
            content = JSON.parse(byId("message").value);
        } catch {
            say(word("no-json"), true);
            return;
        }
        const stamp = new Date().toISOString().replace(/\.\d+Z$/, "Z");
        if (content.header) {
            content.header.message_id = `console-${crypto.randomUUID().slice(0, 13)}`;
            content.header.message_ts = stamp;
        }
        byId("message").value = JSON.stringify(content, null, 2);
        say(word("renewed"));
    }

    async function send(event) {
        event.preventDefault();
        const button = byId("send");
        button.disabled = true;
        say(word("sending"));
        try {
            const example = chosen();
            const form = new URLSearchParams({
                csrf_token: page.dataset.csrf,
                name: example.name,
                mode: example.mode,
                body: byId("message").value,
            });
            showAnswer(
                await fetchJson("/spar/v1/console/send", { method: "POST", body: form })
            );
            say("");
        } catch (error) {
            say(error.message, true);
        } finally {
            button.disabled = false;
        }
        readLog();
    }

    function showAnswer(answer) {
        const status = byId("status");
        status.textContent = `HTTP ${answer.status} · ${answer.ms} ms`;
        status.className = answer.status < 300 ? "badge good" : "badge bad";
        byId("headers").textContent = Object.entries(answer.headers)
            .map(([name, value]) => `${name}: ${value}`)
            .join("\n");
        byId("answer").textContent = pretty(answer.body);
        byId("answer-card").hidden = false;
        byId("answer-title").focus();
    }

    function quote(text) {
        return `'${text.replaceAll("'", "'\\''")}'`;
    }

    async function copyCurl() {
        const lines = [
            `curl -X POST ${quote(window.location.origin + chosen().path)}`,
            '  -H "Authorization: Bearer $TOKEN"',
            "  -H 'Content-Type: application/json'",
            `  --data-binary ${quote(byId("message").value)}`,
        ];
        const text = lines.join(" \\\n");
        byId("curl").textContent = text;
        byId("curl").hidden = false;
        try {
            await navigator.clipboard.writeText(text);
            say(word("copied"));
        } catch {
            say(word("copy-below"));
        }
    }

    /* === CALLBACKS AND ERRORS === */

    async function readLog() {
        if (document.hidden) {
            return;
        }
        try {
            const log = await fetchJson("/spar/v1/console/log");
            const text = JSON.stringify(log);
            if (text !== shown) {
                shown = text;
                showLog(log);
            }
            byId("log-state").textContent = "";
        } catch (error) {
            byId("log-state").textContent = error.message;
        }
    }

    function showLog(log) {
        fillRows(byId("callbacks"), log.callbacks.map(callbackRow), word("no-callbacks"));
        fillRows(byId("errors"), log.errors.map(errorRow), word("no-errors"));
    }

    function callbackRow(line) {
        const row = make("tr");
        const button = make("button", word("show"), "small");
        button.type = "button";
        button.setAttribute("aria-label", `${word("show")}: ${line.correlation_id}`);
        button.addEventListener("click", () => showCallback(line.id));
        const state = make("td");
        const look = { delivered: "badge good", parked: "badge bad" }[line.state];
        state.append(make("span", line.state_text, look || "badge"));
        const result = line.problem || (line.http_status ? `HTTP ${line.http_status}` : "");
        const last = make("td");
        last.append(button);
        row.append(
            make("td", local(line.at)),
            make("td", line.operation),
            state,
            make("td", result),
            make("td", line.url, "wrap"),
            last
        );
        return row;
    }

    function errorRow(line) {
        const row = make("tr");
        const cells = [local(line.at), line.operation, line.code, String(line.count)];
        row.append(...cells.map((text) => make("td", text)));
        return row;
    }

    async function showCallback(id) {
        const place = byId("callback-body");
        try {
            const content = await fetchJson(`/spar/v1/console/callback/${id}`);
            place.textContent = JSON.stringify(content, null, 2);
        } catch (error) {
            place.textContent = error.message;
        }
        byId("callback-card").hidden = false;
        byId("callback-title").focus();
    }

    function local(stamp) {
        return stamp ? new Date(stamp).toLocaleString(document.documentElement.lang) : "";
    }

    /* === BEGINNING === */

    function showPartner(partner) {
        byId("partner").textContent = `${partner.name} (${partner.sender_id})`;
        byId("callback-url").textContent = partner.callback_url || word("no-address");
        fillList(byId("limits"), partner.limits);
        const rows = partner.keys.map((key) => {
            const row = make("tr");
            const cells = [key.kid, word(`use-${key.use}`), key.algorithm, local(key.until)];
            row.append(...cells.map((text) => make("td", text, "wrap")));
            return row;
        });
        fillRows(byId("keys"), rows, word("no-keys"));
        examples = partner.examples;
        showExample();
    }

    async function begin() {
        byId("operation").addEventListener("change", showExample);
        for (const radio of page.querySelectorAll("input[name=mode]")) {
            radio.addEventListener("change", showExample);
        }
        byId("form").addEventListener("submit", send);
        byId("renew").addEventListener("click", renew);
        byId("copy").addEventListener("click", copyCurl);
        try {
            showPartner(await fetchJson("/spar/v1/console/partner"));
        } catch (error) {
            say(error.message, true);
        }
        await readLog();
        window.setInterval(readLog, POLL_MS);
    }

    if (page) {
        begin();
    }
})();
