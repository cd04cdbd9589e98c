/* SPDX-License-Identifier: GPL-2.0-or-later */
/* story: the step that is shown, and what keys and buttons do. */
let current = 0, phase = 0;

function showStory(step) {
    const clause = make("span", step.clause || "", {class: "clause"});
    $("place").replaceChildren(`Frame ${step.frame}, ${step.time_s.toFixed(3)} s: ${step.title}` + (step.decrypted ? ", inside ESP " : " "),
        ...(step.clause ? [clause] : []));
    $("tells").textContent = capital(step.tells) + ".";
    withLinks($("because"), step.because ? capital(step.because) + "." : "");
    $("says").textContent = step.says ? `The packet says: ${step.says}.` : "";
    const notes = step.findings.map((f) => `The audit, ${f.severity}: ${f.evidence} [${f.requirement}]`);
    if (step.unanswered) notes.unshift("Nobody answers it.");
    if (step.repeated_in !== null) notes.unshift(`It has no effect: frame ${step.repeated_in} repeats the question.`);
    $("comment").hidden = step.comment === null;
    $("comment-text").textContent = step.comment || "";
    $("notes").replaceChildren(...notes.map((note) => withLinks(make("li"), note)));
}

function showPhase(step) {
    const verdicts = {never: "This would not happen. ", same: "This happens, too. ", other: "This would be different. "};
    $("phase").textContent = "";
    if (phase) {
        const {would, words} = story.phases[step.family][phase - 1];
        $("phase").append(make("span", verdicts[would], {class: `would ${would}`}), words);
    }
    for (const button of $("phase-buttons").children)
        button.setAttribute("aria-pressed", String(Number(button.dataset.phase) === phase));
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
    showLadder(step, current, phase);
    showTopology(step, current);
    showTables(step, current);
    showPacket(step);
    history.replaceState(null, "", "#" + step.frame);
}

/* "#13" at the end of the address opens the story at frame 13. */
function openingStep() {
    const frame = Number(location.hash.slice(1));
    return Math.max(0, steps.findIndex((step) => step.frame === frame));
}

function onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target === $("slider")) return;
    const moves = {ArrowRight: current + 1, ArrowLeft: current - 1, Home: 0, End: steps.length - 1};
    const fields = {ArrowUp: -1, ArrowDown: 1};
    if (event.key in moves) show(moves[event.key]);
    else if (event.key in fields && $("fields").contains(event.target)) moveField(fields[event.key]);
    else return;
    event.preventDefault();
}

function buildPhaseButtons() {
    for (let i = 0; i <= 3; i++) {
        const button = make("button", i ? `Phase ${i}` : "off", {type: "button", "data-phase": i});
        button.addEventListener("click", () => {
            phase = i;
            showPhase(steps[current]);
            showLadder(steps[current], current, phase);
        });
        $("phase-buttons").append(button);
    }
}

function begin() {
    $("tunnels").textContent = story.tunnels.map((t) => (t.key === null ? "Tunnel" : `Tunnel with key ${t.key}`) + ": " +
        (t.phase === null ? "phase unknown" : `Phase ${t.phase}`) + `, because ${t.why}.`).join(" ");
    $("about").hidden = story.comment === null;
    $("about-text").textContent = story.comment || "";
    $("slider").max = steps.length - 1;
    buildLegend();
    buildList();
    buildPhaseButtons();
    buildLadder();
    $("back").addEventListener("click", () => show(current - 1));
    $("forward").addEventListener("click", () => show(current + 1));
    $("slider").addEventListener("input", () => show(Number($("slider").value)));
    $("theme").addEventListener("click", () => {
        const root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)").matches;
        root.dataset.theme = (root.dataset.theme || (dark ? "dark" : "light")) === "dark" ? "light" : "dark";
    });
    document.addEventListener("keydown", onKey);
    window.addEventListener("hashchange", () => show(openingStep()));
    let width = innerWidth;
    window.addEventListener("resize", () => {
        if (innerWidth === width) return;
        width = innerWidth;
        buildLadder();
        show(current);
    });
    show(openingStep());
}

begin();
