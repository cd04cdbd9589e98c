/* SPDX-License-Identifier: GPL-2.0-or-later */
"use strict";
(() => {
    const story = JSON.parse(document.getElementById("story").textContent);
    const steps = story.steps;
    const $ = (id) => document.getElementById(id);
    let current = 0, phase = 0;

    /* Everything that comes from the capture goes in as text, never as markup. */
    function make(tag, text, attributes = {}) {
        const out = document.createElement(tag);
        if (text !== undefined) out.textContent = text;
        for (const [name, value] of Object.entries(attributes)) out.setAttribute(name, value);
        return out;
    }
    function draw(tag, attributes, text) {
        const out = document.createElementNS("http://www.w3.org/2000/svg", tag);
        for (const [name, value] of Object.entries(attributes)) out.setAttribute(name, value);
        if (text !== undefined) out.textContent = text;
        return out;
    }
    const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
    const who = (node, address) => node === null ? address || "somebody" : story.nodes[node].name;

    /* The tables as they are after a step. */
    function statesAt(index) {
        const out = new Map();
        for (let i = 0; i <= index; i++)
            for (const state of steps[i].states) out.set(state.node, state);
        return out;
    }

    function frameLink(frame) {
        const index = steps.findIndex((step) => step.frame === frame);
        if (index < 0) return document.createTextNode("frame " + frame);
        const link = make("button", "frame " + frame, {type: "button", class: "link"});
        link.addEventListener("click", () => show(index));
        return link;
    }
    function withLinks(element, text) {
        element.textContent = "";
        for (const part of text.split(/(frame \d+)/)) {
            const match = /^frame (\d+)$/.exec(part);
            element.append(match ? frameLink(Number(match[1])) : part);
        }
    }

    function showStory(step) {
        $("place").textContent = `Frame ${step.frame}, ${step.time_s.toFixed(3)} s: ${step.title}` +
            (step.decrypted ? ", inside ESP" : "") + (step.clause ? ` \u00b7 ${step.clause}` : "");
        $("tells").textContent = capital(step.tells) + ".";
        withLinks($("because"), step.because ? capital(step.because) + "." : "");
        $("says").textContent = step.says ? `The packet says: ${step.says}.` : "";
        const notes = step.findings.map((f) => `The audit, ${f.severity}: ${f.evidence} [${f.requirement}]`);
        if (step.unanswered) notes.unshift("Nobody answers it.");
        if (step.repeated_in !== null) notes.unshift(`It has no effect: frame ${step.repeated_in} repeats the question.`);
        withLinks($("notes"), notes.join("\n"));
    }

    function showPhase(step) {
        $("phase").textContent = phase ? story.phases[step.family][phase - 1] : "";
        for (const button of $("phase-buttons").children)
            button.setAttribute("aria-pressed", String(Number(button.dataset.phase) === phase));
    }

    function showTopology(step, index) {
        const seen = story.nodes.map((node, id) => ({node, id})).filter((n) => n.node.first_frame <= step.frame);
        const states = statesAt(index), place = new Map(), width = Math.max(360, 110 * Math.max(...["hub", ""].map((role) => seen.filter((n) => (n.node.role === "hub") === (role === "hub")).length))), height = 250;
        const hubs = seen.filter((n) => n.node.role === "hub"), rest = seen.filter((n) => n.node.role !== "hub");
        hubs.forEach((n, i) => place.set(n.id, [width * (i + 1) / (hubs.length + 1), 60]));
        rest.forEach((n, i) => place.set(n.id, [width * (i + 1) / (rest.length + 1), 190]));
        const edges = new Map();
        const key = (a, b) => Math.min(a, b) + "-" + Math.max(a, b);
        for (let i = 0; i <= index; i++)
            if (steps[i].from !== null && steps[i].to !== null) edges.set(key(steps[i].from, steps[i].to), false);
        for (const [id, state] of states)
            for (const row of state.rows)
                if (row.table === "cache" && row.peer !== null && row.peer !== id) edges.set(key(id, row.peer), true);
        const words = [...edges].map(([k, known]) => k.split("-").map((id) => story.nodes[id].name).join(" and ") +
            (known ? ": an address is known" : ": packets were seen"));
        const svg = draw("svg", {viewBox: `0 0 ${width} ${height}`, role: "img", "aria-labelledby": "topo-title topo-desc"});
        svg.append(draw("title", {id: "topo-title"}, `Stations and tunnels after frame ${step.frame}`),
            draw("desc", {id: "topo-desc"}, words.join("; ") || "no tunnel yet"));
        const now = step.from !== null && step.to !== null ? key(step.from, step.to) : "";
        for (const [k, known] of edges) {
            const [a, b] = k.split("-").map((id) => place.get(Number(id)));
            if (!a || !b) continue;
            svg.append(draw("line", {x1: a[0], y1: a[1], x2: b[0], y2: b[1],
                class: "edge" + (known ? " known" : "") + (k === now ? " on" : "")}));
        }
        for (const {node, id} of seen) {
            const [x, y] = place.get(id);
            svg.append(draw("circle", {cx: x, cy: y, r: 16, class: "node" + (id === step.from || id === step.to ? " on" : "")}));
            const at = node.role === "hub" ? y - 38 : y + 34;
            svg.append(draw("text", {x, y: at}, node.name), draw("text", {x, y: at + 16}, node.tunnel_address || node.address || ""));
        }
        $("topology").replaceChildren(svg);
    }

    function showTables(step, index) {
        const out = [];
        for (const [id, state] of statesAt(index))
            for (const [kind, title] of [["cache", "NHRP cache"], ["routes", "routes"]]) {
                const rows = state.rows.filter((row) => row.table === kind && (row.until_s === null || row.until_s > step.time_s));
                if (!rows.length) continue;
                const table = make("table");
                table.append(make("caption", `${story.nodes[id].name}: ${title}`));
                for (const row of rows) {
                    const left = row.until_s === null ? "" : `${Math.floor(row.until_s - step.time_s)} s left`;
                    const line = make("tr", undefined, row.frame === step.frame ? {class: "fresh"} : {});
                    line.append(make("td", row.to === null ? "next hop server" : row.to), make("td", row.via || ""),
                        make("td", [row.how, "frame " + row.frame, left].filter(Boolean).join(", ")));
                    table.append(line);
                }
                out.push(table);
            }
        $("tables").replaceChildren(...out);
    }

    function mark(field, buttons, cells) {
        buttons.forEach((button) => button.classList.toggle("on", button === field.button));
        cells.forEach((cell, at) => cell.classList.toggle("on", at >= field.offset && at < field.offset + field.length));
        $("clause").textContent = `${field.label}${field.value ? ": " + field.value : ""} \u2014 octets ${field.offset} to ` +
            `${field.offset + field.length - 1}, ${field.clause}`;
    }
    function showPacket(step) {
        const cells = (step.bytes.match(/../g) || []).map((pair) => make("span", pair));
        const buttons = [];
        const lines = step.fields.map((field) => {
            const line = make("li");
            const button = make("button", field.value ? `${field.label}: ${field.value}` : field.label, {type: "button", class: "d" + field.depth});
            const entry = {...field, button};
            for (const event of ["mouseenter", "focus", "click"]) button.addEventListener(event, () => mark(entry, buttons, cells));
            buttons.push(button);
            line.append(button);
            return line;
        });
        $("clause").textContent = "";
        $("fields").replaceChildren(...lines);
        $("bytes").replaceChildren(...cells);
        $("bytes").setAttribute("aria-label", `${step.length} octets; the list of fields beside has their values`);
    }

    function show(index) {
        current = Math.max(0, Math.min(steps.length - 1, index));
        const step = steps[current];
        $("slider").value = current;
        $("slider").setAttribute("aria-valuetext", `frame ${step.frame}`);
        $("back").disabled = current === 0;
        $("forward").disabled = current === steps.length - 1;
        showStory(step);
        showPhase(step);
        showTopology(step, current);
        showTables(step, current);
        showPacket(step);
        [...$("ladder").children].forEach((line, i) => i === current ? line.setAttribute("aria-current", "step") : line.removeAttribute("aria-current"));
        const line = $("ladder").children[current], box = $("ladder");
        if (line) box.scrollTop = line.offsetTop - box.offsetTop - box.clientHeight / 2;
    }

    $("tunnels").textContent = story.tunnels.map((t) => (t.key === null ? "Tunnel" : `Tunnel with key ${t.key}`) + ": " +
        (t.phase === null ? "phase unknown" : `Phase ${t.phase}`) + `, because ${t.why}.`).join(" ");
    $("slider").max = steps.length - 1;
    steps.forEach((step, i) => {
        const line = make("button", undefined, {type: "button"});
        line.append(make("span", String(step.frame)), make("span", `${who(step.from, step.from_address)} \u2192 ${who(step.to, step.to_address)}: ${step.title}`));
        line.addEventListener("click", () => show(i));
        $("ladder").append(line);
    });
    for (let i = 0; i <= 3; i++) {
        const button = make("button", i ? `Phase ${i}` : "off", {type: "button", "data-phase": i});
        button.addEventListener("click", () => { phase = i; showPhase(steps[current]); });
        $("phase-buttons").append(button);
    }
    $("back").addEventListener("click", () => show(current - 1));
    $("forward").addEventListener("click", () => show(current + 1));
    $("slider").addEventListener("input", () => show(Number($("slider").value)));
    $("theme").addEventListener("click", () => {
        const root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)").matches;
        root.dataset.theme = (root.dataset.theme || (dark ? "dark" : "light")) === "dark" ? "light" : "dark";
    });
    document.addEventListener("keydown", (event) => {
        if (event.altKey || event.ctrlKey || event.metaKey || event.target === $("slider")) return;
        const moves = {ArrowRight: current + 1, ArrowLeft: current - 1, Home: 0, End: steps.length - 1};
        if (!(event.key in moves)) return;
        event.preventDefault();
        show(moves[event.key]);
    });
    show(0);
})();
