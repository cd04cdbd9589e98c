// SPDX-License-Identifier: GPL-2.0-or-later
// What every page does: dark or light, copying commands, folding the list of pages on a phone, and the search. The index
// is a script, since a page that was opened from a disk may not fetch; it is loaded when somebody searches.
"use strict";

const byId = (id) => document.getElementById(id);
const root = document.body.dataset.root === "." ? "" : document.body.dataset.root + "/";

function toggleTheme() {
    const html = document.documentElement;
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    html.dataset.theme = (html.dataset.theme || (dark ? "dark" : "light")) === "dark" ? "light" : "dark";
    try {
        localStorage.setItem("theme", html.dataset.theme);
    } catch { /* not remembered */ }
}

function addCopyButtons() {
    for (const session of document.querySelectorAll(".session")) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "copy";
        button.textContent = "copy";
        button.addEventListener("click", async () => {
            const commands = [...session.querySelectorAll("kbd")].map((line) => line.textContent).join("\n");
            try {
                await navigator.clipboard.writeText(commands);
                button.textContent = "copied";
            } catch {
                button.textContent = "cannot copy";
            }
        });
        session.append(button);
    }
}

let loading = null;

// Resolves when window.siteIndex is there.
function loadIndex() {
    loading ??= new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = root + "search/index.js";
        script.onload = resolve;
        script.onerror = reject;
        document.head.append(script);
    });
    return loading;
}

// Places with all words, those with a word in their title first.
function find(words) {
    const found = [];
    for (const [location, title, page, text] of window.siteIndex) {
        const head = `${title} ${page}`.toLowerCase();
        const body = text.toLowerCase();
        if (!words.every((word) => head.includes(word) || body.includes(word))) continue;
        const score = words.reduce((sum, word) => sum + (head.includes(word) ? 10 : 0), 0) + (location.includes("lessons/") ? 1 : 0);
        found.push({location, title: title === page ? title : `${title} \u2013 ${page}`, text, score});
    }
    return found.sort((a, b) => b.score - a.score).slice(0, 30);
}

// An excerpt around the first word, the words marked.
function excerpt(text, words) {
    const line = document.createElement("small");
    const at = Math.max(0, Math.min(...words.map((word) => text.toLowerCase().indexOf(word)).filter((place) => place >= 0), text.length));
    const start = at === text.length ? 0 : Math.max(0, at - 50);
    const part = (start ? "... " : "") + text.slice(start, start + 160);
    const pattern = new RegExp("(" + words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|") + ")", "gi");
    part.split(pattern).forEach((piece, number) => {
        const node = document.createElement(number % 2 ? "mark" : "span");
        node.textContent = piece;
        line.append(node);
    });
    return line;
}

async function search() {
    const words = byId("query").value.toLowerCase().split(/\s+/).filter(Boolean);
    const results = byId("results");
    results.hidden = words.length === 0;
    if (!words.length) return;
    try {
        await loadIndex();
    } catch {
        results.textContent = "The search index cannot be loaded.";
        return;
    }
    const links = find(words).map((place) => {
        const link = document.createElement("a");
        const title = document.createElement("strong");
        link.href = root + place.location;
        title.textContent = place.title;
        link.append(title, excerpt(place.text, words));
        return link;
    });
    const none = document.createElement("p");
    none.textContent = "Nothing has all these words.";
    results.replaceChildren(...(links.length ? links : [none]));
}

function listen() {
    byId("theme").addEventListener("click", toggleTheme);
    byId("query").addEventListener("input", search);
    byId("search").addEventListener("submit", (event) => {
        event.preventDefault();
        byId("results").querySelector("a")?.click();
    });
    document.addEventListener("keydown", (event) => {
        const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
        if (event.key === "/" && !typing) {
            event.preventDefault();
            byId("query").focus();
        } else if (event.key === "Escape") {
            byId("results").hidden = true;
        }
    });
    document.addEventListener("click", (event) => {
        if (!byId("search").contains(event.target)) byId("results").hidden = true;
    });
}

byId("theme").hidden = byId("search").hidden = false;
if (matchMedia("(max-width: 60rem)").matches) document.querySelector("#pages > details").open = false;
addCopyButtons();
listen();
