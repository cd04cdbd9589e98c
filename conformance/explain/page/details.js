/* SPDX-License-Identifier: GPL-2.0-or-later */
/* details: caches and routes of the stations; the packet's fields and octets. */
const VERBS = {cache: "at", routes: "via", ways: "sent to"};

function tableRow(row, step, fate) {
    const left = row.until_s === null || fate ? "" : `${Math.floor(row.until_s - step.time_s)} s left`;
    const line = make("tr", undefined, fate ? {class: "gone"} : row.frame === step.frame ? {class: "fresh"} : {});
    const to = make("td"), via = make("td");
    to.append(make("span", row.to === null ? "next hop server" : row.to.replace(/\/(32|128)$/, ""), {class: "what"}));
    via.append(make("span", `${VERBS[row.table]} ${row.via || "?"}`, {class: "what"}),
        make("small", [row.how, "frame " + row.frame, fate || left].filter(Boolean).join(", ")));
    line.append(to, via);
    return line;
}

function showTables(step, index) {
    const out = [], fates = {forgotten: "now forgotten", ended: "its time has ended"};
    const states = [...statesAt(index)].sort((a, b) => a[0] - b[0]);
    for (const [id, state] of states)
        for (const [kind, title] of [["cache", "NHRP cache"], ["routes", "routes"], ["ways", "ways taken"]]) {
            const rows = state.rows.filter((row) => row.table === kind && isLive(row, step)).map((row) => tableRow(row, step, ""));
            for (const change of step.changes)
                if (change.node === id && change.table === kind && change.what in fates) rows.push(tableRow(change, step, fates[change.what]));
            if (!rows.length) continue;
            const table = make("table");
            table.append(make("caption", `${story.nodes[id].name}: ${title}`), ...rows);
            out.push(table);
        }
    $("tables").replaceChildren(...(out.length ? out : [make("p", "Nothing yet.", {class: "small"})]));
}

const packet = {fields: [], cells: [], selected: ""};

/* Which part of the packet a field belongs to, for its colour. */
function layerOf(name) {
    if (name.startsWith("nhrp.ext") || name === "nhrp.trailer") return "ext";
    if (name.startsWith("nhrp.cie")) return "cie";
    return name.split(".")[0].replace("payload", "data");
}

function selectField(field, focus) {
    packet.selected = field.name;
    for (const other of packet.fields) {
        other.button.tabIndex = other === field ? 0 : -1;
        if (other === field) other.button.setAttribute("aria-current", "true");
        else other.button.removeAttribute("aria-current");
    }
    packet.cells.forEach((cell, at) => cell.classList.toggle("on", at >= field.offset && at < field.offset + field.length));
    const last = field.offset + field.length - 1;
    $("clause").textContent = `${field.label}${field.value ? ": " + field.value : ""} \u2014 ` +
        (last > field.offset ? `octets ${field.offset} to ${last}` : `octet ${field.offset}`) + `, ${field.clause}`;
    const cell = packet.cells[field.offset], box = $("bytes"), list = $("fields");
    if (cell && (cell.offsetTop - box.offsetTop < box.scrollTop || cell.offsetTop - box.offsetTop + 20 > box.scrollTop + box.clientHeight))
        box.scrollTop = cell.offsetTop - box.offsetTop - 20;
    if (focus) field.button.focus();
    else if (field.button.offsetTop < list.scrollTop || field.button.offsetTop + 30 > list.scrollTop + list.clientHeight)
        list.scrollTop = field.button.offsetTop - 40;
}

/* The field that an octet belongs to: the smallest there. */
function fieldAt(at) {
    const there = packet.fields.filter((field) => at >= field.offset && at < field.offset + field.length);
    return there.reduce((best, field) => best && best.length <= field.length ? best : field, null);
}

function buildFields(step) {
    packet.fields = step.fields.map((field) => {
        const isGroup = !field.value;
        const button = make("button", isGroup ? field.label : `${field.label}: ${field.value}`,
            {type: "button", tabindex: -1, class: `d${field.depth} l-${layerOf(field.name)}${isGroup ? " group" : ""}`});
        const entry = {...field, button};
        for (const event of ["mouseenter", "focus", "click"]) button.addEventListener(event, () => selectField(entry, false));
        return entry;
    });
    $("fields").replaceChildren(...packet.fields.map((field) => {
        const line = make("li");
        line.append(field.button);
        return line;
    }));
}

function buildOctets(step) {
    packet.cells = (step.bytes.match(/../g) || []).map((octet, at) => {
        const field = fieldAt(at), cell = make("i", octet, field ? {class: `l-${layerOf(field.name)}`} : {});
        if (field)
            for (const event of ["mouseenter", "click"]) cell.addEventListener(event, () => selectField(field, false));
        return cell;
    });
    const lines = [];
    for (let at = 0; at < packet.cells.length; at += 16) {
        const line = make("div");
        line.append(make("span", at.toString(16).padStart(4, "0"), {class: "offset"}), ...packet.cells.slice(at, at + 16));
        lines.push(line);
    }
    if (step.length > packet.cells.length) lines.push(make("p", `and ${step.length - packet.cells.length} more octets`, {class: "small"}));
    $("bytes").replaceChildren(...lines);
}

/* The field that was chosen stays chosen where the next packet has it, too. */
function showPacket(step) {
    const had = document.activeElement && $("fields").contains(document.activeElement);
    buildFields(step);
    buildOctets(step);
    $("clause").textContent = step.fields.length ? "No field is chosen." : "This packet has no fields that can be read.";
    const again = packet.fields.find((field) => field.name === packet.selected);
    if (again) selectField(again, had);
    else if (packet.fields.length) packet.fields[0].button.tabIndex = 0;
}

function moveField(by) {
    const index = packet.fields.findIndex((field) => field.button === document.activeElement);
    const next = packet.fields[index + by];
    if (index >= 0 && next) selectField(next, true);
}
