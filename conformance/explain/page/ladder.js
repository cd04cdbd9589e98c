/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ladder: a line for each station, an arrow for each packet so far; and the same as a list. */
const LADDER = {row: 38, top: 30, gutter: 52, column: 94, head: 44};

/* What an arrow looks like, by what the packet is. */
function lookOf(step) {
    if (["FAILS", "IS_REFUSED", "NOT_RESOLVED", "UNREADABLE", "CUT"].includes(step.kind)) return "bad";
    if (["SENDS", "ON_TUNNEL", "KEEPS_ALIVE", "TUNNELS_OTHER"].includes(step.kind) || step.family.startsWith("DATA")) return "data";
    const looks = {REDIRECT: "redirect", ROUTING: "routing", IPSEC: "esp"};
    return looks[step.family] || (step.family === "OTHER" && !step.kind.startsWith("ANSWER") ? "esp" : "nhrp");
}

/* Hubs in the middle, the others around them in the order in which they appear. */
function ladderOrder() {
    const ids = story.nodes.map((_, id) => id);
    const hubs = ids.filter((id) => story.nodes[id].role === "hub");
    const rest = ids.filter((id) => story.nodes[id].role !== "hub");
    const half = Math.ceil(rest.length / 2);
    return [...rest.slice(0, half), ...hubs, ...rest.slice(half)];
}

/* body has the arrows; numbers stands left of it and stays in sight; a step has a group in each. */
const ladder = {order: ladderOrder(), x: new Map(), width: 0, groups: [], numbers: null, body: null};

function placeLadder() {
    const available = ($("ladder").clientWidth || 360) - LADDER.gutter;
    const count = Math.max(1, ladder.order.length);
    const longest = Math.max(0, ...story.nodes.map((node) => (node.tunnel_address || node.address || "").length));
    const column = Math.max(LADDER.column, longest * 6.6 + 8, available / count);
    ladder.width = Math.floor(column * count);
    ladder.order.forEach((id, i) => ladder.x.set(id, Math.round(column * (i + .5))));
}

function drawHeads() {
    const svg = draw("svg", {class: "heads", width: ladder.width, height: LADDER.head, "aria-hidden": "true"});
    for (const id of ladder.order) {
        const node = story.nodes[id];
        svg.append(draw("text", {class: "name", x: ladder.x.get(id), y: 18}, node.name),
            draw("text", {class: "faint", x: ladder.x.get(id), y: 35}, node.tunnel_address || node.address || ""));
    }
    return svg;
}

/* From x to x, with a head; a packet of which one end is not known comes from or goes to the edge. */
function drawArrow(group, from, to, y) {
    if (from === to) {
        group.append(draw("path", {class: "line", d: `M${from} ${y - 8}h22v8h-16`}), draw("path", {class: "head", d: `M${from} ${y}l9 -5v10z`}));
        return;
    }
    const side = to > from ? -1 : 1;
    group.append(draw("path", {class: "line", d: `M${from} ${y}H${to + side * 7}`}),
        draw("path", {class: "head", d: `M${to} ${y}l${side * 10} -5v10z`}));
}

function drawLabel(group, middle, y, text) {
    const half = text.length * 3.3 + 4;
    const x = Math.min(Math.max(middle, half), Math.max(ladder.width - half, half));
    group.append(draw("text", {class: "label", x, y}, text));
}

/* Whose cache or routes have changed, as a dot on its line. */
function drawChanges(group, step, y) {
    const changes = step.changes.filter((change) => change.table !== "ways");
    for (const id of new Set(changes.map((change) => change.node))) {
        const learns = changes.some((change) => change.node === id && (change.what === "new" || change.what === "changed"));
        const dot = draw("circle", {class: learns ? "learns" : "forgets", cx: ladder.x.get(id), cy: y, r: 5});
        dot.append(draw("title", {}, changes.filter((change) => change.node === id)
            .map((change) => `${story.nodes[id].name}, ${change.what}: ${change.text}`).join("\n")));
        group.append(dot);
    }
}

/* The group of a step, with what is told and clicked the same in both columns. */
function stepGroup(step, index, width) {
    const group = draw("g", {class: `step ${lookOf(step)}`});
    group.append(draw("title", {}, `frame ${step.frame}: ${step.tells}`),
        draw("rect", {class: "hit", x: 0, y: index * LADDER.row + LADDER.top - 23, width, height: LADDER.row}));
    group.addEventListener("click", () => show(index));
    return group;
}

function drawNumber(step, index) {
    const y = index * LADDER.row + LADDER.top, group = stepGroup(step, index, LADDER.gutter);
    group.append(draw("text", {class: "number", x: LADDER.gutter - 6, y: y - 4}, String(step.frame)),
        draw("text", {class: "number faint", x: LADDER.gutter - 6, y: y + 10}, step.time_s.toFixed(3)));
    return group;
}

function drawStep(step, index) {
    const y = index * LADDER.row + LADDER.top, group = stepGroup(step, index, ladder.width);
    const from = step.from === null ? 2 : ladder.x.get(step.from);
    const to = step.to === null ? ladder.width - 2 : ladder.x.get(step.to);
    const isNote = step.from === null && step.to === null;
    if (isNote) group.append(draw("rect", {class: "note", x: 2, y: y - 17, width: ladder.width - 4, height: 24, rx: 4}));
    else drawArrow(group, from, to, y);
    drawLabel(group, (from + to) / 2, isNote ? y : y - 6, step.title);
    drawChanges(group, step, y);
    return group;
}

function buildLadder() {
    placeLadder();
    const body = draw("svg", {class: "arrows", width: ladder.width, role: "img", "aria-labelledby": "ladder-title ladder-desc"});
    const numbers = draw("svg", {class: "numbers", width: LADDER.gutter, "aria-hidden": "true"});
    body.append(draw("title", {id: "ladder-title"}, "Ladder of the packets so far"), draw("desc", {id: "ladder-desc"}));
    for (const id of ladder.order)
        body.append(draw("path", {class: "life", "data-node": id, d: "M0 0"}));
    ladder.groups = steps.map((step, i) => [drawStep(step, i), drawNumber(step, i)]);
    body.append(...ladder.groups.map((groups) => groups[0]));
    numbers.append(...ladder.groups.map((groups) => groups[1]));
    Object.assign(ladder, {body, numbers});
    $("ladder").replaceChildren(make("div", undefined, {class: "corner"}), drawHeads(), numbers, body);
}

/* A station's line begins with the first packet that shows it. */
function growLines(index) {
    const end = index * LADDER.row + LADDER.top + 16;
    ladder.body.setAttribute("height", end);
    ladder.numbers.setAttribute("height", end);
    for (const line of ladder.body.querySelectorAll(".life")) {
        const id = Number(line.dataset.node);
        const first = steps.findIndex((step) => step.frame >= story.nodes[id].first_frame);
        const begin = first * LADDER.row + LADDER.top - 22;
        line.setAttribute("d", first < 0 || begin > end ? "M0 0" : `M${ladder.x.get(id)} ${begin}V${end}`);
    }
}

function scrollLadder(step, index) {
    const box = $("ladder"), y = index * LADDER.row + LADDER.top;
    box.scrollTop = y + LADDER.head - box.clientHeight + 1.5 * LADDER.row;
    const ends = [step.from, step.to].filter((id) => id !== null).map((id) => ladder.x.get(id));
    const room = box.clientWidth - LADDER.gutter;
    if (ends.length && (Math.min(...ends) < box.scrollLeft + 40 || Math.max(...ends) > box.scrollLeft + room - 40))
        box.scrollLeft = (Math.min(...ends) + Math.max(...ends) - room) / 2;
}

function showLadder(step, index, phase) {
    ladder.groups.forEach((groups, i) => {
        const would = phase ? story.phases[steps[i].family][phase - 1].would : "same";
        for (const {classList} of groups) {
            classList.toggle("future", i > index);
            classList.toggle("now", i === index);
            classList.toggle("cause", step.causes.includes(steps[i].frame));
            classList.toggle("never", would === "never");
        }
    });
    growLines(index);
    const last = steps.slice(Math.max(0, index - 7), index + 1);
    $("ladder-desc").textContent = last.map((s) => `Frame ${s.frame}, ${who(s.from, s.from_address)} to ` +
        `${who(s.to, s.to_address)}: ${s.title}`).join(". ") + ". The list below has all.";
    scrollLadder(step, index);
    [...$("list").children].forEach((item, i) => {
        if (i === index) item.firstChild.setAttribute("aria-current", "step");
        else item.firstChild.removeAttribute("aria-current");
    });
}

function buildList() {
    steps.forEach((step, i) => {
        const item = make("li"), button = make("button", undefined, {type: "button"});
        button.append(make("span", String(step.frame)),
            make("span", `${who(step.from, step.from_address)} \u2192 ${who(step.to, step.to_address)}: ${step.title}`));
        button.addEventListener("click", () => show(i));
        item.append(button);
        $("list").append(item);
    });
}

function buildLegend() {
    const words = {nhrp: "NHRP", redirect: "redirect", bad: "refusal or error", data: "data", routing: "routing protocol", esp: "encrypted or other"};
    const used = new Set(steps.map(lookOf));
    for (const [look, text] of Object.entries(words)) {
        if (!used.has(look)) continue;
        const item = make("li", undefined, {class: look}), svg = draw("svg", {width: 34, height: 12, "aria-hidden": "true"});
        svg.append(draw("path", {class: "line", d: "M0 6H26"}), draw("path", {class: "head", d: "M34 6l-10 -5v10z"}));
        item.append(svg, text);
        $("legend").append(item);
    }
    for (const [look, text] of [["learns", "learns or renews"], ["forgets", "forgets"]]) {
        const item = make("li"), svg = draw("svg", {width: 14, height: 14, "aria-hidden": "true"});
        svg.append(draw("circle", {class: look, cx: 7, cy: 7, r: 5}));
        item.append(svg, text);
        $("legend").append(item);
    }
}
