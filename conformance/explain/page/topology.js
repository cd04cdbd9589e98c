/* SPDX-License-Identifier: GPL-2.0-or-later */
/* topology: the stations that have been seen, who knows where whom is, and where this packet goes. */
const BOX = {width: 118, height: 42, row: 132, top: 52, side: 70};

/* Every station has its place from the beginning, so that nothing moves when another one appears. */
function placeStations(width) {
    const rows = [];
    const across = Math.max(1, Math.floor(width / (2 * BOX.side)));
    for (const inHubs of [true, false]) {
        const ids = story.nodes.map((_, id) => id).filter((id) => (story.nodes[id].role === "hub") === inHubs);
        for (let i = 0; i < ids.length; i += across) rows.push(ids.slice(i, i + across));
    }
    const place = new Map();
    rows.forEach((ids, r) => ids.forEach((id, i) =>
        place.set(id, {x: width * (i + 1) / (ids.length + 1), y: BOX.top + r * BOX.row, row: r, at: i, across: ids.length})));
    /* A row of few is set apart as wide as there is room, with the boxes inside. */
    for (const p of place.values())
        p.x = Math.round(p.across === 1 ? width / 2 : BOX.side + (width - 2 * BOX.side) * p.at / (p.across - 1));
    return {place, height: rows.length * BOX.row + 4};
}

/* Straight, or around the boxes between two in one row. */
function wayBetween(a, b) {
    if (a.row !== b.row || Math.abs(a.at - b.at) === 1) return {d: `M${a.x} ${a.y}L${b.x} ${b.y}`, middle: [(a.x + b.x) / 2, (a.y + b.y) / 2]};
    const high = a.y - 54 - 8 * Math.abs(a.at - b.at);
    return {d: `M${a.x} ${a.y}Q${(a.x + b.x) / 2} ${high} ${b.x} ${b.y}`, middle: [(a.x + b.x) / 2, (a.y + high) / 2]};
}

const pair = (a, b) => Math.min(a, b) + "-" + Math.max(a, b);

/* Which pairs have been seen to talk, and who knows whose address. */
function edgesAt(step, index, states) {
    const edges = new Map(), knows = [];
    for (let i = 0; i <= index; i++)
        if (steps[i].from !== null && steps[i].to !== null && steps[i].from !== steps[i].to)
            edges.set(pair(steps[i].from, steps[i].to), false);
    for (const [id, state] of states)
        for (const row of state.rows)
            if (row.table === "cache" && row.peer !== null && row.peer !== id && isLive(row, step)) {
                edges.set(pair(id, row.peer), true);
                knows.push([id, row.peer, row.via]);
            }
    return {edges, knows};
}

/* What stands beside a station: where it is, and what has been seen to be behind it. */
function linesOf(id, states, step) {
    const node = story.nodes[id], state = states.get(id), at = state && state.address || node.address, behind = new Set();
    for (const other of states.values())
        for (const row of other.rows)
            if (row.table === "routes" && row.peer === id && isLive(row, step)) behind.add(`net ${row.to}`);
    for (const host of state ? state.hosts : []) behind.add(`host ${host}`);
    const lines = [...behind].slice(0, 2);
    if (behind.size > lines.length) lines.push(`and ${behind.size - lines.length} more`);
    if (node.own_address && at && node.own_address !== at) lines.unshift(`NAT; own ${node.own_address}`);
    return at ? [`at ${at}`, ...lines] : lines;
}

function drawStation(id, place, lines, isOn) {
    const node = story.nodes[id];
    const group = draw("g", {class: `station ${node.role}${isOn ? " on" : ""}`});
    group.append(draw("rect", {class: "box", x: place.x - BOX.width / 2, y: place.y - BOX.height / 2, width: BOX.width, height: BOX.height, rx: 8}),
        draw("text", {class: "name", x: place.x, y: place.y - 3}, node.name),
        draw("text", {x: place.x, y: place.y + 13}, node.tunnel_address || ""));
    const isAbove = node.role === "hub" && lines.length < 3;
    const narrow = (line) => line.length > 23 ? {textLength: 2 * BOX.side - 6, lengthAdjust: "spacingAndGlyphs"} : {};
    const first = isAbove ? place.y - BOX.height / 2 - 6 - 14 * (lines.length - 1) : place.y + BOX.height / 2 + 15;
    lines.forEach((line, i) => group.append(draw("text", {class: "faint label", x: place.x, y: first + 14 * i, ...narrow(line)}, line)));
    return group;
}

/* The packet on its way, unless the reader wants no motion. */
function drawPacket(svg, step, place) {
    const a = place.get(step.from), b = place.get(step.to);
    if (!a || !b || step.from === step.to) return;
    const way = wayBetween(a, b), [x, y] = way.middle;
    const turn = Math.atan2(b.y - a.y, b.x - a.x) * 180 / Math.PI;
    svg.append(draw("path", {class: "edge on", d: way.d}),
        draw("path", {class: "packet-dot", d: "M13 0L-9 -10V10Z", transform: `translate(${x} ${y}) rotate(${turn})`}));
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const dot = draw("circle", {class: "packet-dot", cx: 0, cy: 0, r: 7});
    svg.append(dot);
    dot.animate([{transform: `translate(${a.x}px, ${a.y}px)`}, {transform: `translate(${x}px, ${y}px)`}, {transform: `translate(${b.x}px, ${b.y}px)`, opacity: 0}],
        {duration: 600, easing: "ease-in-out", fill: "forwards"});
}

function showTopology(step, index) {
    const width = Math.min(600, Math.floor($("topology").clientWidth || 340)), states = statesAt(index);
    const {place, height} = placeStations(width);
    const {edges, knows} = edgesAt(step, index, states);
    const seen = (id) => story.nodes[id].first_frame <= step.frame;
    const svg = draw("svg", {width, height, role: "img", "aria-labelledby": "topology-title"});
    svg.append(draw("title", {id: "topology-title"}, `Stations after frame ${step.frame}; "the topology in words" below says the same`));
    for (const [key, known] of [...edges].sort((a, b) => a[1] - b[1])) {
        const [a, b] = key.split("-").map((id) => place.get(Number(id)));
        svg.append(draw("path", {class: "edge" + (known ? " known" : ""), d: wayBetween(a, b).d}));
    }
    if (step.from !== null && step.to !== null) drawPacket(svg, step, place);
    for (const [id, p] of place)
        if (seen(id)) svg.append(drawStation(id, p, linesOf(id, states, step), id === step.from || id === step.to));
    $("topology").replaceChildren(svg);
    const words = knows.map(([id, peer, via]) => `${capital(named(id))} knows that ${named(peer)} is at ${via}.`);
    for (const [key, known] of edges)
        if (!known) words.push(`${capital(key.split("-").map(named).join(" and "))} have exchanged packets.`);
    $("topology-words").replaceChildren(...(words.length ? words : ["Nobody knows anybody yet."]).map((text) => make("li", text)));
}
