// SPDX-License-Identifier: GPL-2.0-or-later
// The catalogue's search: shows the entries that have all words and the chosen values. The search stands in the address
// (#q=nat+phase3), so that it can be linked to; #NAME leads to the capture of that name.
"use strict";

(() => {
    const get = (id) => document.getElementById(id);
    const entries = [...document.querySelectorAll(".capture")];
    const choices = ["phase", "family", "audit"];

    // A word counts from its beginning: "nat" is in "nat-14" and not in "destination".
    function startsSomewhere(word) {
        const pattern = new RegExp("(^|[^a-z0-9])" + word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
        return (entry) => pattern.test(entry.dataset.words);
    }

    function matches(entry, words) {
        return words.every((isIn) => isIn(entry)) && choices.every((name) => {
            const wanted = get(name).value;
            return !wanted || entry.dataset[name].split(" ").includes(wanted);
        });
    }

    function show() {
        const words = get("words").value.toLowerCase().split(/\s+/).filter(Boolean).map(startsSomewhere);
        let count = 0;
        for (const entry of entries) {
            entry.hidden = !matches(entry, words);
            count += !entry.hidden;
        }
        get("shown").textContent = `${count} of ${entries.length} captures`;
    }

    function remember() {
        const parts = new URLSearchParams();
        if (get("words").value) parts.set("q", get("words").value);
        for (const name of choices) if (get(name).value) parts.set(name, get(name).value);
        history.replaceState(null, "", "#" + parts.toString());
    }

    // What the address says: a search, or one capture, which a search must not hide.
    function readAddress() {
        const hash = location.hash.slice(1);
        const parts = new URLSearchParams(hash.includes("=") ? hash : "");
        get("words").value = parts.get("q") ?? "";
        for (const name of choices) get(name).value = parts.get(name) ?? "";
        show();
        if (hash && !hash.includes("=")) document.getElementById(hash)?.scrollIntoView();
    }

    get("catalogue-search").hidden = false;
    get("catalogue-search").addEventListener("input", () => { show(); remember(); });
    get("catalogue-search").addEventListener("submit", (event) => event.preventDefault());
    addEventListener("hashchange", readAddress);
    readAddress();
})();
